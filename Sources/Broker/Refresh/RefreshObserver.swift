package import ATProto

/// A point in a refresh between two durable states.
package enum RefreshStep: String, Sendable, CaseIterable {
    /// The intent is stored; nothing was sent.
    case intentWritten
    /// The server answered; nothing of the answer is stored.
    case answered
    /// The rotated token is stored; nobody was answered.
    case stored
}

/// Is told about each step of each refresh and may hold it up. Nothing in production uses it; tests of crashes do.
package protocol RefreshObserver: Sendable {
    /// The refresh goes on when this returns.
    func refresh(of did: DID, reached step: RefreshStep) async
}
