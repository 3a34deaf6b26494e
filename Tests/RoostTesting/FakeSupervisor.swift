package import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What systemd is to a daemon: a socket that takes its notices, and one that it is to listen on.
package final class FakeSupervisor: Sendable {
    /// The value of `NOTIFY_SOCKET`.
    package let notifyAddress: String
    /// Each datagram, its lines joined with spaces, as a line of its own.
    package let notices: ProcessOutput
    /// A listening socket of 127.0.0.1, and its port.
    package let listener: FileHandle
    package let port: Int

    /// A system call failed.
    package struct Failure: Error {
        let code: CInt
    }

    private let descriptor: CInt

    /// - Parameter directory: nil for an abstract notify address.
    package init(in directory: URL?) throws {
        notifyAddress = directory.map { $0.appendingPathComponent("notify").path } ?? "@roost-test-\(UUID().uuidString)"
        descriptor = try Self.notifySocket(notifyAddress)
        let (tcp, port) = try Self.listeningSocket()
        listener = FileHandle(fileDescriptor: tcp, closeOnDealloc: true)
        self.port = port
        let pipe = Pipe()
        notices = ProcessOutput(pipe)
        let (descriptor, writer) = (descriptor, pipe.fileHandleForWriting)
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                let text = String(decoding: buffer[..<count], as: UTF8.self).replacingOccurrences(of: "\n", with: " ")
                guard (try? writer.write(contentsOf: Data((text + "\n").utf8))) != nil else { break }
            }
            try? writer.close()
            close(descriptor)
        }
    }

    deinit {
        // Ends the thread.
        shutdown(descriptor, CInt(SHUT_RDWR))
    }

    /// Starts `roost` as systemd would, with the sockets of this supervisor.
    package func start(_ arguments: [String], environment: [String: String] = [:]) async throws -> TestProcess {
        guard let executable = TestProcess.builtExecutable("roost") else { throw TestProcess.Failure.noExecutable("roost") }
        // Process passes the standard streams only, and nobody knows the process id before it runs.
        let script = #"exec 3<&0 </dev/null; export LISTEN_PID=$$ WATCHDOG_PID=$$; exec "$0" "$@""#
        let variables = ["NOTIFY_SOCKET": notifyAddress, "LISTEN_FDS": "1", "LISTEN_FDNAMES": "test.socket"]
        return try await TestProcess.start(
            URL(fileURLWithPath: "/bin/sh"), ["-c", script, executable.path] + arguments,
            environment: variables.merging(environment) { $1 }, input: listener)
    }

    private static func notifySocket(_ name: String) throws -> CInt {
        #if canImport(Glibc)
            let kind = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue)
        #else
            let kind = SOCK_DGRAM
        #endif
        let descriptor = socket(AF_UNIX, kind, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isAbstract = name.hasPrefix("@")
        let bytes = (isAbstract ? [0] : []) + Array(name.utf8.dropFirst(isAbstract ? 1 : 0))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = MemoryLayout.size(ofValue: address) - MemoryLayout.size(ofValue: address.sun_path) + bytes.count
        try bind(descriptor, &address, length + (isAbstract ? 0 : 1))
        return descriptor
    }

    private static func listeningSocket() throws -> (CInt, Int) {
        #if canImport(Glibc)
            let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        #else
            let kind = SOCK_STREAM
        #endif
        let descriptor = socket(AF_INET, kind, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        try bind(descriptor, &address, MemoryLayout<sockaddr_in>.size)
        guard listen(descriptor, 64) == 0 else { throw Failure(code: errno) }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard named == 0 else { throw Failure(code: errno) }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    private static func bind<Address>(_ descriptor: CInt, _ address: inout Address, _ length: Int) throws {
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { systemBind(descriptor, $0, socklen_t(length)) }
        }
        guard bound == 0 else { throw Failure(code: errno) }
    }
}

private func systemBind(_ descriptor: CInt, _ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> CInt {
    bind(descriptor, address, length)
}
