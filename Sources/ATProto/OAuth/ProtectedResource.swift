package import Foundation

/// What a PDS says about itself at `/.well-known/oauth-protected-resource` (RFC 9728).
package struct ProtectedResource: Hashable, Sendable {
    /// The one authorization server of the PDS: an origin, as it stood in the document.
    package let issuer: String

    /// - Parameters:
    ///   - json: the body.
    ///   - pds: the origin that was asked; the document must name it.
    package init(json: Data, pds: Origin) throws(MetadataFault) {
        guard let document = JSONDocument(json) else { throw .notJSON }
        guard let resource = document.string("resource") else { throw .missing("resource") }
        guard resource == pds.text || resource == pds.text + "/" else {
            throw .unacceptable("resource", "is not the PDS that was asked")
        }
        guard let servers = document.strings("authorization_servers") else { throw .missing("authorization_servers") }
        guard servers.count == 1, let issuer = servers.first else {
            throw .unacceptable("authorization_servers", "must have exactly one entry")
        }
        guard Origin(issuer)?.text == issuer else {
            throw .unacceptable("authorization_servers", "must name an origin without path or trailing slash")
        }
        self.issuer = issuer
    }
}
