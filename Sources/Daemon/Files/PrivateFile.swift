import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Files that only their owner may read.
enum PrivateFile {
    /// Puts `content` at `path` in one step: after a crash there is the whole file or none.
    static func write(_ content: String, to path: String) throws(StartError) { try write(Data(content.utf8), to: path) }

    /// The same with any bytes.
    static func write(_ content: Data, to path: String) throws(StartError) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: content)
            try handle.synchronize()
            try handle.close()
        } catch {
            throw StartError(path, "cannot write the file", remedy: "see whether the disk is full")
        }
        guard rename(draft, path) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> StartError {
        StartError(path, lastSystemError(), remedy: "make the data directory writable for this user")
    }
}
