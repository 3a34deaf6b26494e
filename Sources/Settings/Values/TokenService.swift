/// A service beside the chat that takes tokens (draft/authtoken): `name url address[,address…] description`.
package struct TokenService: Sendable, Hashable, CustomStringConvertible {
    package var name: String
    package var url: String
    /// Canonical IP addresses from which it may ask whose a token is.
    package var addresses: [String]
    package var purpose: String

    /// Reads the written form.
    package init(_ text: String) throws(ValueError) {
        let words = text.split(separator: " ", maxSplits: 3).map(String.init)
        guard words.count == 4 else {
            throw ValueError(
                "must be a name, an address on the web, IP addresses with commas and a description, such as "
                    + "\"FILEHOST https://files.example.com 203.0.113.5 Uploads\"")
        }
        (name, url, purpose) = (words[0], words[1], words[3])
        guard name.utf8.count <= 64, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !name.hasPrefix(":"), name != "*" else {
            throw ValueError("\"\(name)\" is no name of a service")
        }
        guard url.hasPrefix("https://"), url.utf8.count <= 200, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ValueError("\"\(url)\" must start with https:// and have at most 200 bytes")
        }
        guard purpose.utf8.count <= 150, purpose.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw ValueError("the description must be one line of at most 150 bytes")
        }
        addresses = try Gateway.addresses(words[2])
    }

    package var description: String { "\(name) \(url) \(addresses.joined(separator: ",")) \(purpose)" }
}
