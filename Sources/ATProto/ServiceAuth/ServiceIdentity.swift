package import Foundation

/// Who this server is to the people's own servers, which make tokens for it (AT Protocol "Inter-Service Authentication").
package struct ServiceIdentity: Sendable, Equatable {
    /// The service in the DID document.
    package static let fragment = "#roost_irc"

    package let did: DID
    /// The one method (NSID) that a token must be for.
    package let method: String
    /// What a token may be made out to: the service, and the bare DID where the operator takes that.
    package let audiences: Set<String>
    private let endpoint: Origin

    /// Nil where the address makes no did:web: it is not https, has a port, or is no public name. In development
    /// `localhost` does, with its port.
    ///
    /// - Parameters:
    ///   - publicURL: how browsers reach this server.
    ///   - takesBareDID: whether a token for the DID without the service counts.
    package init?(publicURL: Origin, method: String, takesBareDID: Bool = false, allowLoopback: Bool = false) {
        let isLocal = publicURL.host == "localhost" || publicURL.host.hasSuffix(".test")
        if isLocal {
            guard allowLoopback else { return nil }
        } else {
            guard publicURL.scheme == "https", let name = Handle(publicURL.host), name.isResolvable(allowingTest: false) else { return nil }
        }
        guard let did = DID("did:web:" + publicURL.host + (publicURL.hasDefaultPort ? "" : "%3A\(publicURL.port)")) else { return nil }
        (self.did, self.method, endpoint) = (did, method, publicURL)
        audiences = takesBareDID ? [did.text + Self.fragment, did.text] : [did.text + Self.fragment]
    }

    /// The DID document, JSON, for `/.well-known/did.json`.
    package var document: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let service = Document.Service(id: Self.fragment, type: "RoostIRC", serviceEndpoint: endpoint.text)
        return (try? encoder.encode(Document(context: ["https://www.w3.org/ns/did/v1"], id: did.text, service: [service]))) ?? Data()
    }

    private struct Document: Encodable {
        struct Service: Encodable {
            var id: String
            var type: String
            var serviceEndpoint: String
        }

        enum CodingKeys: String, CodingKey {
            case context = "@context"
            case id, service
        }

        var context: [String]
        var id: String
        var service: [Service]
    }
}
