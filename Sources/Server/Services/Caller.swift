/// Who asks something of the server without speaking IRC.
package enum Caller: Sendable, Equatable {
    /// Somebody with the powers of an operator: on the admin socket, or with a token of `roost token`. The name is for the log.
    case administrator(String)
    /// The person of the connection that was given this token.
    case person(bearer: String)
}

/// What a service says to a ``Caller``.
package struct ServiceAnswer: Sendable, Equatable {
    package var lines: [String]
    /// Whether what was asked was not done: also when it waits for its confirmation code.
    package var isRefusal: Bool

    package init(lines: [String], isRefusal: Bool = false) {
        (self.lines, self.isRefusal) = (lines, isRefusal)
    }
}
