#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Where a supervisor listens for notices: a datagram socket with a path, or with an abstract name that begins with `@`.
package struct NotifySocket: Sendable, Equatable {
    /// What the system calls the address, without the zero that ends a path.
    package let bytes: [UInt8]

    /// The room for a path, with its last zero, and for an abstract name, which has none.
    static let room = MemoryLayout.size(ofValue: sockaddr_un().sun_path)

    /// - Parameter name: as in `NOTIFY_SOCKET`.
    /// - Throws: ``StartError`` for what is neither, or is too long.
    package init(_ name: String) throws(StartError) {
        var bytes = Array(name.utf8)
        let isAbstract = name.hasPrefix("@")
        if isAbstract { bytes[0] = 0 }
        guard isAbstract || name.hasPrefix("/"), bytes.count > 1, bytes.count < Self.room + (isAbstract ? 1 : 0) else {
            throw StartError(
                "NOTIFY_SOCKET", "\"\(name)\" is no Unix socket", remedy: "start roost as a unit of systemd, or without that variable")
        }
        self.bytes = bytes
    }

    /// Sends one datagram, without ever waiting.
    ///
    /// - Returns: nil, or the error number of the system.
    func send(_ text: String) -> CInt? {
        #if os(Linux)
            let (kind, flags) = (CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), CInt(MSG_DONTWAIT | MSG_NOSIGNAL))
        #else
            let (kind, flags) = (SOCK_DGRAM, MSG_DONTWAIT)
        #endif
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let isAbstract = bytes.first == 0
        let length = socklen_t(MemoryLayout.offset(of: \sockaddr_un.sun_path)! + bytes.count + (isAbstract ? 0 : 1))
        let data = Array(text.utf8)
        let sent = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { sendto(descriptor, data, data.count, flags, $0, length) }
        }
        return sent == data.count ? nil : errno
    }
}
