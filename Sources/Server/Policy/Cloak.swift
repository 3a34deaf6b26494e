import ATProto
import Accounts
package import Crypto
import Foundation

/// What others see in place of an address: stable for one person, telling nobody where it is.
package struct Cloak: Sendable {
    let key: SymmetricKey

    /// - Parameter key: secret of this server; another key gives everybody another host.
    package init(key: SymmetricKey) {
        self.key = key
    }

    /// The host of a guest: the same for the whole /64 of an IPv6 address.
    func host(forAddress address: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(AddressGroup(address).key.utf8), using: key)
        return code.prefix(6).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + ".guest"
    }

    /// The host of somebody logged in: `name.user`, or the DID turned round, as in `abc….plc`.
    func host(for identity: Identity) -> String {
        guard let did = identity.did else { return identity.account + ".user" }
        return did.specific.replacingOccurrences(of: "%3A", with: ".") + "." + did.method.rawValue
    }
}
