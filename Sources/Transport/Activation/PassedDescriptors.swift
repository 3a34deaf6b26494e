/// The descriptors that a service manager says it passes: sd_listen_fds(3).
package enum PassedDescriptors {
    /// One of them.
    package struct Descriptor: Sendable, Equatable {
        package let number: CInt
        /// `FileDescriptorName=` of its unit, for messages.
        package let name: String
    }

    /// The first one: those before are the standard streams.
    static let first: CInt = 3
    /// More of them are taken for a mistake.
    static let limit = 1024

    /// Reads `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES`. None when they are for another process or not there.
    package static func parse(_ environment: [String: String], processID: Int32) throws(ActivationError) -> [Descriptor] {
        guard let pid = environment["LISTEN_PID"] else { return [] }
        guard let pid = Int32(pid), pid > 0 else { throw ActivationError("LISTEN_PID: \"\(pid)\" is no process id") }
        guard pid == processID, let text = environment["LISTEN_FDS"] else { return [] }
        guard let count = Int(text), (0...limit).contains(count) else {
            throw ActivationError("LISTEN_FDS: \"\(text)\" is no number from 0 to \(limit)")
        }
        let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if let names, names.count != max(count, 1) {
            throw ActivationError("LISTEN_FDNAMES: \(names.count) names for \(count) sockets")
        }
        return (0..<count).map { Descriptor(number: first + CInt($0), name: names?[$0] ?? "unknown") }
    }
}

/// What is wrong with the sockets that were passed. One line.
package struct ActivationError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
