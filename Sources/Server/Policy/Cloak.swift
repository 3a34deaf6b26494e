import ATProto
import Accounts
package import Crypto
import Foundation

/// What others see in place of an address: stable for one person, telling nobody where it is.
package struct Cloak: Sendable {
    /// The longest host (`HOSTLEN`), in bytes.
    static let hostLimit = 63

    let key: SymmetricKey

    /// - Parameter key: secret of this server; another key gives everybody another host.
    package init(key: SymmetricKey) {
        self.key = key
    }

    /// The host of a guest: the same for the whole /64 of an IPv6 address.
    func host(forAddress address: String) -> String {
        code(for: AddressGroup(address).key) + ".guest"
    }

    /// The host of somebody logged in: `name.user`, or the DID turned round, as in `abc….plc`; a code where that is too long.
    func host(for identity: Identity) -> String {
        guard let did = identity.did, !identity.isLocal else { return identity.account + ".user" }
        let host = did.specific.replacingOccurrences(of: "%3A", with: ".") + "." + did.method.rawValue
        return host.utf8.count <= Self.hostLimit ? host : "\(code(for: did.text)).\(did.method.rawValue)"
    }

    private func code(for text: String) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key).prefix(6)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
