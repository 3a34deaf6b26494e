import Foundation

/// A web address that passed every rule that needs no network (AT Protocol OAuth "Security Considerations").
struct CheckedURL: Sendable {
    let origin: Origin
    /// The literal address in the URL, allowed for development and in what the operator names only.
    let literal: String?

    init(_ text: String, policy: NetworkPolicy) throws(FetchError) {
        guard text.utf8.count <= 2048, let parts = URLComponents(string: text), let origin = Origin(of: text) else {
            throw .refused(reason: "the address cannot be read")
        }
        guard parts.user == nil, parts.password == nil else { throw .refused(reason: "the address has a user name") }
        guard parts.fragment == nil else { throw .refused(reason: "the address has a fragment") }
        let host = origin.host
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let isLiteral =
            host.hasPrefix("[") || host.split(separator: ".").last.map { $0.allSatisfy(\.isASCIIDigit) || $0.hasPrefix("0x") } ?? true
        let isLocal = host == "localhost" || host.hasSuffix(".test") || AddressPolicy.isLoopback(bare)
        if policy.ownOrigins.contains(origin) {
            // Somebody else could not have chosen it.
        } else if isLocal {
            guard policy.allowLoopback else { throw .refused(reason: "\(host) is not on the internet") }
        } else {
            guard !isLiteral else { throw .refused(reason: "\(host) is an address, not a name") }
            guard let handle = Handle(host), handle.isResolvable(allowingTest: false) else {
                throw .refused(reason: "\(host) is not a public host name")
            }
            guard origin.scheme == "https" || policy.allowLoopback else { throw .refused(reason: "it is not https") }
        }
        self.origin = origin
        literal = host == "localhost" ? "127.0.0.1" : isLiteral ? bare : nil
    }
}
