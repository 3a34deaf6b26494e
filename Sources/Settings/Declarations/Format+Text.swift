extension Format where Value == String {
    /// One line of text without control characters.
    static func line(atMost limit: Int) -> Format {
        checked("a line of text of at most \(limit) bytes") { text throws(ValueError) in
            guard text.utf8.count <= limit else { throw ValueError("is \(text.utf8.count) bytes long, and at most \(limit) fit") }
            guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                throw ValueError("must be one line without control characters")
            }
            return text
        }
    }

    /// A server name: a host name with a dot in it, so that nobody takes it for a nickname.
    static let serverName = checked("a host name with a dot, such as \"irc.example.com\"") { text throws(ValueError) in
        guard HostName.isValid(text), text.utf8.count <= 63 else {
            throw ValueError("\"\(text)\" is not a host name of at most 63 letters, digits, hyphens and dots")
        }
        guard text.contains(".") else {
            throw ValueError("\"\(text)\" needs a dot, as in \"irc.\(text)\": clients take it for a nickname otherwise")
        }
        return text
    }

    /// A DNS name that an authority can look at.
    static let domain = checked("a domain, such as \"irc.example.com\"") { text throws(ValueError) in
        guard !text.hasPrefix("*.") else {
            throw ValueError("\"\(text)\": certificates for all names below a domain are not ordered; write each name")
        }
        guard HostName.isValid(text), text.contains("."), text.split(separator: ".").last?.contains(where: \.isLetter) == true else {
            throw ValueError("\"\(text)\" is no domain, such as \"irc.example.com\"")
        }
        return text.lowercased()
    }

    /// The address of an authority's directory: https, or this machine for development.
    static let directoryAddress = checked("an address, such as \"https://ca.example.com/directory\"") { text throws(ValueError) in
        let isAddress = text.utf8.count <= 300 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }
        let origin = text.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3).joined(separator: "/")
        guard isAddress, let checked = try? WebOrigin.read(origin) else {
            throw ValueError("\"\(text)\" is no address, such as \"https://ca.example.com/directory\"")
        }
        guard WebOrigin.isSecure(checked) || WebOrigin.isLoopbackAddress(checked) else {
            throw ValueError("\"\(text)\" must start with https://; http is allowed only for http://127.0.0.1 and http://[::1]")
        }
        return text
    }

    /// What somebody else made to be copied.
    static let keyText = checked("one word of at most 200 characters") { text throws(ValueError) in
        guard (1...200).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ValueError("must be one word of at most 200 characters")
        }
        return text
    }

    /// A secret in base64url. The text is not repeated in errors.
    static let secretText = checked("a key in base64url") { text throws(ValueError) in
        let isKey = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_=".contains($0)) }
        guard (16...1024).contains(text.utf8.count), isKey else {
            throw ValueError("must be a key in base64url, of 16 to 1024 characters")
        }
        return text
    }

    /// Text that fits into one word of the protocol.
    static let word = checked("a word of at most 64 letters, digits and signs") { text throws(ValueError) in
        guard !text.isEmpty, text.utf8.count <= 64 else { throw ValueError("must have 1 to 64 bytes") }
        guard text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 0x20 && $0.value < 0x7F && $0 != "=" && $0 != "\\" }) else {
            throw ValueError("\"\(text)\" must be one word of letters, digits and signs, without spaces")
        }
        return text
    }

    /// The name of a systemd credential: a file name.
    static let credentialName = checked("the name of a credential, such as \"roost.key\"") { text throws(ValueError) in
        let isName = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ":") }
        guard (1...255).contains(text.utf8.count), isName, text != ".", text != ".." else {
            throw ValueError("\"\(text)\" is no name of a credential: it is a file name, without / and :")
        }
        return text
    }

    /// An NSID of AT Protocol: at least three labels, the last one letters and digits.
    static let methodName = checked("a method name, such as \"chat.roost.authenticate\"") { text throws(ValueError) in
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        let isName = labels.last?.first?.isLetter == true && labels.last?.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } == true
        guard labels.count >= 3, text.utf8.count <= 200, isName, HostName.isValid(labels.dropLast().joined(separator: ".")) else {
            throw ValueError("\"\(text)\" is no method name")
        }
        return text
    }

    /// What `roost hash-password` prints. The text is not repeated in errors: it may be a password by mistake.
    static let passwordHash = checked("a hash made by `roost hash-password`") { text throws(ValueError) in
        guard text.hasPrefix("$argon2id$"), text.split(separator: "$").count == 5, text.utf8.count < 512 else {
            throw ValueError("must be a hash made by `roost hash-password`, not the password itself")
        }
        return text
    }

    /// The address of something on the web, in one word.
    static let webAddress = checked("an address, such as \"https://example.com/icon.png\"") { text throws(ValueError) in
        guard text.hasPrefix("https://"), text.utf8.count <= 300, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ValueError("\"\(text)\" must start with https:// and be one word of at most 300 bytes")
        }
        return text
    }

    /// The name of a client-only tag as in CLIENTTAGDENY.
    static let tagRule = checked("the name of a tag, \"-\" and the name, or \"*\"") { text throws(ValueError) in
        let name = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !",;=+\\*".utf8.contains($0) }
        guard text == "*" || isName, text.utf8.count <= 64 else { throw ValueError("\"\(text)\" is no name of a tag") }
        return text
    }

    /// A DID of a method that Roost knows.
    static let did = checked("a DID, such as \"did:plc:ewvi7nxzyoun6zhxrhs64oiz\"") { text throws(ValueError) in
        let specific = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        let isName = { (name: Substring) in !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !",;/#?".utf8.contains($0) } }
        guard text.utf8.count <= 2048, specific.count == 3, specific[0] == "did", ["plc", "web", "key"].contains(specific[1]),
            isName(specific[2])
        else { throw ValueError("\"\(text)\" is no DID of the methods plc, web and key") }
        return text
    }

    /// A DID, the domain of handles, or the name of a local account.
    static let allowedIdentity = checked("a DID, a domain such as \"example.com\", or the name of an account") { text throws(ValueError) in
        if text.hasPrefix("did:") { return try did.read(.string(text), ReadingContext(directory: "/")) }
        let isAccount =
            !text.isEmpty && text.utf8.count <= 32 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !",;/:#@*?!".utf8.contains($0) }
        guard text.contains(".") ? HostName.isValid(text) : isAccount else {
            throw ValueError("\"\(text)\" is neither a DID nor a domain nor the name of an account")
        }
        return text
    }

    /// Letters of user modes; a `+` before them is left out.
    static let userModes = checked("user modes such as \"+iw\"") { text throws(ValueError) in
        let letters = text.drop { $0 == "+" }
        guard letters.allSatisfy({ "BDHRTZgipw".contains($0) }) else {
            throw ValueError("everybody can begin with the modes BDHRTZgipw only")
        }
        return String(letters)
    }

    static let path = Format(
        kind: "a path; a relative one starts at the folder of this file",
        read: { node, context throws(ValueError) in
            guard case .string(let text) = node else { throw ValueError("must be a path in quotes, not \(node.typeName)") }
            guard !text.isEmpty, !text.utf8.contains(0) else { throw ValueError("must not be empty") }
            return context.absolute(text)
        },
        write: { quoted($0) })

    /// Any web origin; whether http is allowed is for the caller to say.
    static let origin = checked("an origin, such as \"https://irc.example.com\"") { text throws(ValueError) in try WebOrigin.read(text) }

    /// The own address on the web: https, or this machine for development.
    static let ownOrigin = checked("an origin, such as \"https://irc.example.com\"") { text throws(ValueError) in
        let origin = try WebOrigin.read(text)
        guard WebOrigin.isSecure(origin) || WebOrigin.isLoopbackAddress(origin) else {
            throw ValueError("\"\(text)\" must start with https://; http is allowed only for http://127.0.0.1 and http://[::1]")
        }
        // Authorization servers fetch the client metadata there, and take no other kind of address (atproto OAuth, "Clients").
        if WebOrigin.isSecure(origin), !WebOrigin.isPublicHost(origin) {
            throw ValueError("\"\(text)\" must be a public host name without a port, such as \"https://irc.example.com\"")
        }
        return origin
    }

    /// The address of a web client: https, or this machine for development.
    static let clientOrigin = checked("an origin, such as \"https://chat.example.com\"") { text throws(ValueError) in
        let origin = try WebOrigin.read(text)
        guard WebOrigin.isSecure(origin) || WebOrigin.isLoopbackAddress(origin) || WebOrigin.host(of: origin) == "localhost" else {
            throw ValueError("\"\(text)\" must start with https://; http is allowed only for this machine")
        }
        return origin
    }

    /// An IP address, or a network as address and length of its prefix.
    static let addressRange = checked("an IP address or a network, such as \"192.0.2.1\" or \"10.0.0.0/8\"") { text throws(ValueError) in
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let endpoint = try Endpoint(parts[0].contains(":") ? "[\(parts[0])]:1" : "\(parts[0]):1")
        guard parts.count > 1 else { return text }
        guard let length = UInt8(parts[1]), length <= (endpoint.isIPv6 ? 128 : 32) else {
            throw ValueError("\"\(text)\": the length of a network is 0 to \(endpoint.isIPv6 ? 128 : 32)")
        }
        return text
    }

    private static func checked(_ kind: String, _ check: @escaping @Sendable (String) throws(ValueError) -> String) -> Format {
        Format(
            kind: kind,
            read: { node, _ throws(ValueError) in
                guard case .string(let text) = node else { throw ValueError("must be \(kind), not \(node.typeName)") }
                return try check(text)
            },
            write: { quoted($0) })
    }
}

/// A value that is written as one text with parts.
package protocol WrittenValue: CustomStringConvertible {
    init(_ text: String) throws(ValueError)
}

extension Endpoint: WrittenValue {}
extension Gateway: WrittenValue {}
extension TokenService: WrittenValue {}
extension DNSBlockList: WrittenValue {}

extension Format where Value: WrittenValue {
    private static func written(_ kind: String) -> Format {
        Format(
            kind: kind,
            read: { node, _ throws(ValueError) in
                guard case .string(let text) = node else { throw ValueError("must be \(kind), not \(node.typeName)") }
                return try Value(text)
            },
            write: { quoted($0.description) })
    }
}

extension Format where Value == Gateway {
    static let gateway = written("a name, a password and addresses, such as \"kiwi <password> 203.0.113.5\"")
}

extension Format where Value == DNSBlockList {
    static let blockList = written("a domain, replies and an action, such as \"dnsbl.example.org 3,5-7 reject\"")
}

extension Format where Value == OperatorAssignment {
    static let assignment = written("an operator and a class, such as \"alice helper\"")
}

extension Format where Value == TokenService {
    static let tokenService = written("a name, an address on the web, IP addresses and a description")
}

extension Format where Value == Endpoint {
    static let endpoint = written("an address with a port, such as \"127.0.0.1:6667\" or \"[::]:6697\"")
}
