import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What this process takes of the machine. What the system does not tell is nil.
struct ProcessUse {
    /// Of all threads, since the start.
    var processorSeconds: Double
    var residentBytes: Int?
    var openDescriptors: Int?

    init() {
        var usage = rusage()
        #if canImport(Glibc)
            getrusage(RUSAGE_SELF.rawValue, &usage)
        #else
            getrusage(RUSAGE_SELF, &usage)
        #endif
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        processorSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        // The second number is that of the pages in memory (proc(5)).
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        residentBytes = pages.flatMap { $0.count > 1 ? Int($0[1]) : nil }.map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) }
        // Less the one that reads the directory.
        openDescriptors = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count).map { max(0, $0 - 1) }
    }
}

/// What a data directory takes of the disk, in bytes.
struct DiskUse {
    var database: Int
    var log: Int
    /// What this user may still write on the file system; nil: the system does not tell.
    var free: Int?

    init(_ data: DataDirectory) {
        let size = { (path: String) in
            ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.intValue ?? 0
        }
        database = size(data.database)
        log = size(data.database + "-wal")
        var system = statvfs()
        free = statvfs(data.path, &system) == 0 ? Int(clamping: UInt64(system.f_bavail) * UInt64(system.f_frsize)) : nil
    }
}
