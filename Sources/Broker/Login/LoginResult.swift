import ATProto
import Foundation

/// What a finished login hands to the client, and how (freeq-wire 1.6).
struct LoginResult: Encodable {
    /// Single use, for SASL.
    let token: String
    /// For `POST /session`, again and again.
    let broker_token: String
    let nick: String
    let did: String
    let handle: String
    let pds_url: String

    /// What a page of this server is told: it has the token in a cookie and asks `POST /session` for the rest.
    private struct Person: Encodable {
        let nick: String
        let did: String
        let handle: String
    }

    private static func fragment(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return "#oauth=" + Base64URL.encode((try? encoder.encode(value)) ?? Data())
    }

    /// The redirect that carries it. The app gets 303 because its browser sheet sees only real redirects; the page gets
    /// the result in a fragment, which no server sees.
    func outcome(for destination: LoginDestination) -> LoginOutcome {
        switch destination {
        case .app:
            let query = FormBody.query([
                ("token", token), ("broker_token", broker_token), ("nick", nick), ("did", did), ("handle", handle),
            ])
            return .redirect(status: 303, location: "freeq://auth?" + query)
        case .web(let address):
            return .redirect(status: 307, location: address + Self.fragment(self))
        case .ownPage(let address):
            return .ownPage(brokerToken: broker_token, location: address + Self.fragment(Person(nick: nick, did: did, handle: handle)))
        case .connection:
            // A connection gets nothing of this; see LoginFlow.connect.
            return .page(status: 200, title: "You are logged in", message: "You can close this page.")
        }
    }
}

/// Why a callback does not end in a login.
package struct LoginRefusal: Error, Hashable {
    let status: Int
    let message: String

    init(status: Int, message: String) {
        (self.status, self.message) = (status, message)
    }

    init(_ error: BrokerError) {
        self.init(status: error.status, message: error.message)
    }

    func outcome(for destination: LoginDestination?) -> LoginOutcome {
        if destination == .app {
            return .redirect(status: 303, location: Self.appAddress(message))
        }
        return .page(status: status, title: "Sign-in failed", message: message)
    }

    /// Where an app is told why it gets no login.
    package static func appAddress(_ message: String) -> String { "freeq://auth?" + FormBody.query([("error", message)]) }
}
