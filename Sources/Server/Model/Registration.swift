/// What has to happen before a connection is a client: NICK, USER, and the end of what it negotiates.
package struct Registration: Sendable {
    /// USER was accepted.
    var hasUser = false
    /// Between the first CAP LS or REQ and CAP END.
    var isNegotiating = false

    /// - Parameter hasNick: whether a NICK was accepted.
    func isComplete(hasNick: Bool) -> Bool {
        hasNick && hasUser && !isNegotiating
    }
}
