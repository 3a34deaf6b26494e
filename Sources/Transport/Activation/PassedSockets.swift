import NIOCore

/// Sockets that the service manager bound and listens on, also while this process is not there: systemd.socket(5).
package struct PassedSockets: Sendable, Equatable {
    /// One of them.
    package struct Socket: Sendable, Equatable {
        package let descriptor: PassedDescriptors.Descriptor
        package let address: ListenAddress
    }

    /// In the order in which they were passed.
    package let all: [Socket]

    package static let none = PassedSockets([])

    package init(_ all: [Socket]) {
        self.all = all
    }

    /// Checks that each is named by the configuration, once.
    ///
    /// - Parameter addresses: everything that the configuration listens on.
    package func check(against addresses: [ListenAddress]) throws(ActivationError) {
        for socket in all where addresses.count(where: { $0.isSame(as: socket.address) }) > 1 {
            throw ActivationError("listen: \(socket.address) is named twice; take it out of one key of [listen]")
        }
        for socket in all where !addresses.contains(where: { $0.isSame(as: socket.address) }) {
            throw ActivationError(
                "systemd passes a socket for \(socket.address) (\(socket.descriptor.name)) that no key of [listen] names; "
                    + "add it to one of them, or take it out of the socket unit")
        }
    }

    /// The address to bind: with the socket to use, when sockets were passed.
    ///
    /// - Parameter key: the configuration key that names the address.
    /// - Throws: when there are sockets, but none for `address`.
    package func place(_ address: ListenAddress, key: String) throws(BindError) -> ListenAddress {
        guard !all.isEmpty else { return address }
        guard let socket = all.first(where: { address.isSame(as: $0.address) }) else {
            throw BindError(.notPassed, address: address, key: key)
        }
        return try address.over(socket.descriptor.number, key: key)
    }
}

extension ListenAddress {
    /// Whether both are the same address, however it is written.
    func isSame(as other: ListenAddress) -> Bool {
        guard let one = try? SocketAddress(ipAddress: host, port: port) else { return false }
        return (try? SocketAddress(ipAddress: other.host, port: other.port)) == one
    }
}
