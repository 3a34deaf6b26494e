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
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let json = (try? encoder.encode(self)) ?? Data()
            return .redirect(status: 307, location: address + "#oauth=" + Base64URL.encode(json))
        case .accountPage:
            return .accountPage(brokerToken: broker_token)
        case .connection:
            // A connection gets nothing of this; see LoginFlow.connect.
            return .page(status: 200, title: "You are logged in", message: "You can close this page.")
        }
    }
}

/// Why a callback does not end in a login.
struct LoginRefusal: Error, Hashable {
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
            return .redirect(status: 303, location: "freeq://auth?" + FormBody.query([("error", message)]))
        }
        return .page(status: status, title: "Sign-in failed", message: message)
    }
}
