import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Tells a file from what it is after somebody wrote it, or put another one (or a link to another one) in its place.
struct FileStamp: Hashable, Sendable {
    private let path: String
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64
    /// When it was last changed, its rights included: seconds and nanoseconds.
    private let seconds: Int
    private let nanoseconds: Int

    /// - Parameter path: links are followed. What is not there has a stamp too.
    init(_ path: String) {
        self.path = path
        var status = stat()
        let isThere = stat(path, &status) == 0
        #if canImport(Glibc)
            let changed = status.st_ctim
        #else
            let changed = status.st_ctimespec
        #endif
        device = isThere ? UInt64(truncatingIfNeeded: status.st_dev) : 0
        inode = isThere ? UInt64(status.st_ino) : 0
        size = isThere ? Int64(status.st_size) : -1
        seconds = isThere ? Int(changed.tv_sec) : 0
        nanoseconds = isThere ? Int(changed.tv_nsec) : 0
    }
}
