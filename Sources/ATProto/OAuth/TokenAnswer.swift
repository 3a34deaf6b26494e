package import Foundation

/// What a token endpoint answered with 200, read leniently: nothing is checked yet, so that a rotated refresh token can
/// be stored before anything about the rest is questioned (an answer that is refused unread loses the session).
package struct TokenAnswer: Hashable, Sendable {
    /// The new refresh token; without one the old stays in force.
    package let refreshToken: String?
    /// A secret.
    package let accessToken: String?
    /// As stated, unchecked.
    package let tokenType: String?
    /// As stated, unchecked; space separated.
    package let scope: String?
    /// The DID the tokens speak for, unchecked.
    package let subject: String?
    /// Seconds the access token lives, as stated.
    package let expiresIn: Int64?

    /// Nil when the body is not a JSON object or has neither token.
    package init?(json: Data) {
        guard let document = JSONDocument(json) else { return nil }
        func token(_ name: String) -> String? {
            document.string(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        refreshToken = token("refresh_token")
        accessToken = token("access_token")
        guard refreshToken != nil || accessToken != nil else { return nil }
        tokenType = document.string("token_type")
        scope = document.string("scope")
        subject = document.string("sub")
        expiresIn = document.integer("expires_in")
    }

    /// How long an access token is trusted when the server does not say.
    static let defaultLifetime: Int64 = 300
    /// A longer lifetime than this is not believed: a takedown must show within the hour.
    static let maximumLifetime: Int64 = 3600

    /// The answer with everything the profile demands (atproto OAuth, "Identity Authentication"; token type and scope).
    ///
    /// - Parameter expected: the account the session was opened for.
    package func validated(for expected: DID) throws(TokenFault) -> ValidTokens {
        guard let subject else { throw .missing("sub") }
        guard subject == expected.text else { throw .otherSubject }
        guard let accessToken else { throw .missing("access_token") }
        guard let tokenType else { throw .missing("token_type") }
        guard tokenType.lowercased() == "dpop" else { throw .notBound }
        guard let scope else { throw .missing("scope") }
        guard scope.split(separator: " ").contains("atproto") else { throw .scopeRefused }
        let lifetime = min(max(0, expiresIn ?? Self.defaultLifetime), Self.maximumLifetime)
        return ValidTokens(accessToken: accessToken, lifetime: .seconds(lifetime), scope: scope)
    }
}

/// The checked part of a token answer.
package struct ValidTokens: Hashable, Sendable {
    /// A secret.
    package let accessToken: String
    /// From the moment the answer came; at most an hour.
    package let lifetime: Duration
    /// Granted scopes, space separated.
    package let scope: String
}

/// Why a token answer is not accepted.
package enum TokenFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// A member that must be there is not.
    case missing(String)
    /// `sub` names another account than the one the login began with.
    case otherSubject
    /// The token is a bearer token.
    case notBound
    /// The scope `atproto` was not granted.
    case scopeRefused

    package var description: String {
        switch self {
        case .missing(let member): "the token answer lacks \(member)"
        case .otherSubject: "the token answer is for another account"
        case .notBound: "the token is not bound to a key (DPoP)"
        case .scopeRefused: "the scope atproto was not granted"
        }
    }
}
