import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension PassedSockets {
    /// Takes those that were passed to this process; programs that it starts do not get them.
    package static func take(_ environment: [String: String]) throws(ActivationError) -> PassedSockets {
        var sockets: [Socket] = []
        for descriptor in try PassedDescriptors.parse(environment, processID: getpid()) {
            guard fcntl(descriptor.number, F_SETFD, FD_CLOEXEC) == 0 else {
                throw ActivationError("LISTEN_FDS: descriptor \(descriptor.number) (\(descriptor.name)): \(systemText(errno))")
            }
            guard let address = ListenAddress(listeningOn: descriptor.number) else {
                throw ActivationError(
                    "systemd passes a socket (\(descriptor.name)) that is no listening TCP socket; "
                        + "the socket unit may have ListenStream= with an IP address and a port only")
            }
            sockets.append(Socket(descriptor: descriptor, address: address))
        }
        return PassedSockets(sockets)
    }

    /// Lets the program that replaces this one in the same process have them: the variables that tell of them stay as they are.
    package func handOver() {
        for socket in all { _ = fcntl(socket.descriptor.number, F_SETFD, 0) }
    }
}

extension ListenAddress {
    /// The address of a listening TCP socket; nil when `descriptor` is something else.
    init?(listeningOn descriptor: CInt) {
        var (listens, size) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
        guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0, listens != 0 else { return nil }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let found = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard found == 0 else { return nil }
        let address: SocketAddress
        switch CInt(storage.ss_family) {
        case AF_INET:
            address = withUnsafeBytes(of: storage) { SocketAddress($0.loadUnaligned(as: sockaddr_in.self)) }
        case AF_INET6:
            address = withUnsafeBytes(of: storage) { SocketAddress($0.loadUnaligned(as: sockaddr_in6.self)) }
        default:
            return nil
        }
        guard let host = address.ipAddress, let port = address.port else { return nil }
        self.init(host: host, port: port)
    }

    /// The same over a copy of `descriptor`, which the listener may close: the one that was passed goes on collecting connections.
    func over(_ descriptor: CInt, key: String) throws(BindError) -> ListenAddress {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw BindError(.other(systemText(errno)), address: self, key: key) }
        var address = self
        address.descriptor = copy
        return address
    }
}
