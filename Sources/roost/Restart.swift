import Daemon
import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Starts this program anew in the same process, with the same arguments: its process id stays, so a service manager sees
/// nothing of it, and a new binary in the place of the old one is what runs.
enum Restart {
    /// Returns only by throwing.
    static func now() throws {
        var arguments = CommandLine.arguments.map { strdup($0) } + [nil]
        let running = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        // What the kernel adds when another file stands in its place now.
        let program = running.hasSuffix(" (deleted)") ? String(running.dropLast(10)) : running
        execv(program, &arguments)
        throw StartError(program, "cannot be started again: \(String(cString: strerror(errno)))", remedy: "start it by hand")
    }
}
