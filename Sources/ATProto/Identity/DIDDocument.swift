package import Foundation

/// What Roost reads of a DID document (AT Protocol "DID Documents").
package struct DIDDocument: Sendable, Hashable {
    package let id: DID
    /// The first well-formed `at://` entry of `alsoKnownAs`: claimed, not verified.
    package let claimedHandle: Handle?
    /// Where the account lives; nil when the document names no usable one.
    package let pds: Origin?
    /// The `#atproto` key.
    package let signingKey: PublicKey?
    /// The keys under `authentication`, inline or by reference.
    package let authenticationKeys: [PublicKey]
    /// The keys under `assertionMethod`.
    package let assertionKeys: [PublicKey]

    /// Throws ``IdentityError/invalidDocument(reason:)`` when `json` is no document of `expected`.
    package init(json: Data, expecting expected: DID) throws(IdentityError) {
        let raw: Raw
        do {
            raw = try JSONDecoder().decode(Raw.self, from: json)
        } catch {
            throw .invalidDocument(reason: "not a DID document")
        }
        guard raw.id == expected.text else { throw .invalidDocument(reason: "it is about another DID") }
        id = expected
        claimedHandle =
            (raw.alsoKnownAs ?? []).lazy.compactMap(\.value).compactMap { name in
                name.hasPrefix("at://") ? Handle(String(name.dropFirst(5))) : nil
            }.first
        let methods = (raw.verificationMethod ?? []).compactMap(\.value)
        let service = raw.service?.lazy.compactMap(\.value).first {
            Self.names($0.id, "#atproto_pds", expected) && $0.type == "AtprotoPersonalDataServer"
        }
        pds = service?.endpoint.flatMap { Origin($0) }
        signingKey = methods.first { Self.names($0.id, "#atproto", expected) && $0.controller == expected.text }?.key
        func keys(_ references: [Entry<Reference>]?) -> [PublicKey] {
            (references ?? []).compactMap(\.value).compactMap { reference in
                switch reference {
                case .inline(let method): method.key
                case .name(let name): methods.first { Self.absolute($0.id, expected) == Self.absolute(name, expected) }?.key
                }
            }
        }
        authenticationKeys = keys(raw.authentication)
        assertionKeys = keys(raw.assertionMethod)
    }

    /// The document that a did:key stands for: one key, for everything.
    init(key: PublicKey, of did: DID) {
        id = did
        claimedHandle = nil
        pds = nil
        signingKey = key
        authenticationKeys = [key]
        assertionKeys = []
    }

    private static func names(_ id: String, _ fragment: String, _ did: DID) -> Bool {
        id == fragment || id == did.text + fragment
    }

    private static func absolute(_ id: String, _ did: DID) -> String {
        id.hasPrefix("#") ? did.text + id : id
    }

    private struct Raw: Decodable {
        var id: String
        var alsoKnownAs: [Entry<String>]?
        var verificationMethod: [Entry<Method>]?
        var authentication: [Entry<Reference>]?
        var assertionMethod: [Entry<Reference>]?
        var service: [Entry<Service>]?
    }

    /// One of a list in which others, that mean nothing here, may have any form.
    private struct Entry<Value: Decodable>: Decodable {
        let value: Value?

        init(from decoder: any Decoder) throws {
            value = try? Value(from: decoder)
        }
    }

    private struct Method: Decodable {
        var id: String
        var type: String?
        var controller: String?
        var publicKeyMultibase: String?

        var key: PublicKey? { publicKeyMultibase.flatMap { try? PublicKey(multibase: $0) } }
    }

    private enum Reference: Decodable {
        case name(String)
        case inline(Method)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let name = try? container.decode(String.self) {
                self = .name(name)
            } else {
                self = .inline(try container.decode(Method.self))
            }
        }
    }

    private struct Service: Decodable {
        var id: String
        var type: String?
        var endpoint: String?

        private enum Keys: String, CodingKey {
            case id, type
            case endpoint = "serviceEndpoint"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Keys.self)
            id = try container.decode(String.self, forKey: .id)
            type = try? container.decode(String.self, forKey: .type)
            // Other services may have objects here.
            endpoint = try? container.decode(String.self, forKey: .endpoint)
        }
    }
}
