package import MainLoop

/// The certificates of this server, of which each connection is shown one: that for the name it asks for, else the first.
package struct ServerCertificates: Sendable {
    /// Never empty.
    package let all: [ServerCertificate]
    /// Where in ``all`` the first one with each name is.
    private let places: [String: Int]

    /// - Parameter all: at least one; the first is for everybody who asks for no name, or for an unknown one.
    package init(_ all: [ServerCertificate]) {
        precondition(!all.isEmpty, "a TLS port needs a certificate")
        self.all = all
        places = all.enumerated().reduce(into: [:]) { places, certificate in
            for name in certificate.element.names where places[name] == nil { places[name] = certificate.offset }
        }
    }

    package var first: ServerCertificate { all[0] }

    /// What clients pin, of each in order.
    package var fingerprints: [String] { all.map(\.fingerprint) }

    /// The one for `name`: a name counts more than a wildcard, which stands for one label and no more (RFC 6125 section 6.4.3).
    ///
    /// - Parameter name: as the client sent it (SNI); nil: it sent none.
    package func choose(for name: String?) -> ServerCertificate {
        guard var name = name?.lowercased() else { return first }
        if name.hasSuffix(".") { name.removeLast() }
        if let place = places[name] { return all[place] }
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex, let place = places["*" + name[dot...]] else { return first }
        return all[place]
    }
}

/// The certificates in use. Replacing them affects new connections only.
@LoopActor
package final class CurrentCertificates {
    package var value: ServerCertificates
    /// What is shown to an authority that asks whether a name is ours (`acme-tls/1`, RFC 8737), by that name.
    package var challenges: [String: ServerCertificate] = [:]

    /// The protocol that such an authority asks for.
    package nonisolated static let challengeProtocol = "acme-tls/1"

    package init(_ value: ServerCertificates) {
        self.value = value
    }

    /// Whether a connection has to say what it wants before it is known what it is shown.
    var dependOnClient: Bool { value.all.count > 1 || !challenges.isEmpty }

    /// What to show to a client that said `hello`; nil: it said nothing that can be read.
    func choose(for hello: ClientHello?) -> ServerCertificate {
        if hello?.protocols == [Self.challengeProtocol], let name = hello?.serverName?.lowercased(), let challenge = challenges[name] {
            return challenge
        }
        return value.choose(for: hello?.serverName)
    }
}
