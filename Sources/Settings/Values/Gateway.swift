/// Who may connect for others: `name password address[,address…]`.
package struct Gateway: Sendable, Hashable, CustomStringConvertible {
    package var name: String
    /// As it is, or its argon2id hash.
    package var password: String
    /// Canonical IP addresses.
    package var addresses: [String]

    /// Reads the written form.
    package init(_ text: String) throws(ValueError) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 3 else {
            throw ValueError("must be a name, a password and addresses with commas, such as \"kiwi <password> 203.0.113.5\"")
        }
        (name, password) = (words[0], words[1])
        addresses = try Self.addresses(words[2])
    }

    /// IP addresses with commas between them.
    static func addresses(_ text: String) throws(ValueError) -> [String] {
        var addresses: [String] = []
        for address in text.split(separator: ",").map(String.init) {
            // An address with a port is read by the same rules as the addresses to listen on.
            let endpoint = try Endpoint(address.contains(":") ? "[\(address)]:1" : "\(address):1")
            guard !endpoint.isWildcard else { throw ValueError("\"\(address)\" is not the address of one machine") }
            addresses.append(endpoint.host)
        }
        return addresses
    }

    package var description: String { "\(name) \(password) \(addresses.joined(separator: ","))" }
}
