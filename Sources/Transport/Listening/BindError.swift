import NIOCore

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why an address cannot be listened on.
package struct BindError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What stands in the way.
    package enum Cause: Sendable, Equatable {
        case inUse
        case permission
        /// No interface of this machine has the address.
        case notAvailable
        /// The machine does not speak that family.
        case noSuchFamily
        case notAnAddress
        /// The service manager passes sockets, and none has the address.
        case notPassed
        /// The system's own words.
        case other(String)
    }

    package let address: ListenAddress
    /// The configuration key that names the address, such as `listen.tls`.
    package let key: String
    package let cause: Cause

    package init(_ cause: Cause, address: ListenAddress, key: String) {
        self.address = address
        self.key = key
        self.cause = cause
    }

    init(_ error: any Error, address: ListenAddress, key: String) {
        let cause: Cause
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: cause = .inUse
        case EACCES, EPERM: cause = .permission
        case EADDRNOTAVAIL: cause = .notAvailable
        case EAFNOSUPPORT, EPROTONOSUPPORT: cause = .noSuchFamily
        case .some(let code): cause = .other(systemText(code))
        case nil: cause = error is SocketAddressError ? .notAnAddress : .other("\(error)")
        }
        self.init(cause, address: address, key: key)
    }

    /// One line: what is wrong, where it is written, what to do.
    package var description: String {
        "\(key): cannot listen on \(address): \(explanation)"
    }

    private var explanation: String {
        switch cause {
        case .inUse:
            "another program has this port. Stop it (`ss -ltnp 'sport = :\(address.port)'` shows it) or choose another port in \(key)"
        case .permission:
            "not allowed. Ports below 1024 need the capability CAP_NET_BIND_SERVICE; choose a higher port in \(key) or grant it"
        case .notAvailable:
            "no interface of this machine has this address. Use one that `ip address` shows, or 0.0.0.0 or [::] for all, in \(key)"
        case .noSuchFamily:
            "this machine has no \(address.isIPv6 ? "IPv6" : "IPv4"). Remove the address from \(key)"
        case .notAnAddress:
            "this is not an IP address with a port from 0 to 65535. Correct it in \(key)"
        case .notPassed:
            "systemd passes other sockets. Add ListenStream=\(address) to the socket unit, or take the address out of \(key)"
        case .other(let text):
            "\(text). Check the address in \(key)"
        }
    }
}
