import ATProto
import Crypto
import Foundation
import Testing

/// The server of one person (PDS), as far as it makes tokens for this one.
struct PersonalServer {
    /// Who this server is to it.
    static var service: ServiceIdentity? {
        Origin("https://irc.example.com").flatMap { ServiceIdentity(publicURL: $0, method: "chat.roost.authenticate") }
    }

    /// Where it is.
    static let origin = "https://pds.example.com"

    private struct Header: Encodable {
        var alg = "ES256"
        var typ = "JWT"
    }

    private struct Claims: Encodable {
        var iss: String
        var aud = "did:web:irc.example.com#roost_irc"
        var lxm = "chat.roost.authenticate"
        var exp: Int64
        var iat: Int64
        var jti = RandomToken.make(bytes: 16)
    }

    private let key = P256.Signing.PrivateKey()
    private let issuer: String
    /// The DID document of the person.
    let document: DIDDocument

    init(issuer: String) throws {
        let did = try #require(DID(issuer))
        let text = PublicKey.p256(key.publicKey.compressedRepresentation).multibase
        let method = ##"{"id":"#atproto","type":"Multikey","controller":"\##(did)","publicKeyMultibase":"\##(text)"}"##
        let service = ##"{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"\##(Self.origin)"}"##
        let json = ##"{"id":"\##(did)","verificationMethod":[\##(method)],"service":[\##(service)]}"##
        document = try DIDDocument(json: Data(json.utf8), expecting: did)
        self.issuer = issuer
    }

    /// A new token that is good for a minute.
    ///
    /// - Parameter now: milliseconds since 1970.
    func token(at now: Int64) throws -> String {
        try ES256.sign(header: Header(), claims: Claims(iss: issuer, exp: now / 1000 + 60, iat: now / 1000), with: key)
    }
}
