import IRCProtocol
import MainLoop
package import Store

/// What a program may do with a token of the HTTP API. Each route declares the scope that it needs; this decides whether a token has it,
/// and for which channels.
package enum TokenPermissions {
    /// Whether `token` may be used for what needs `scope`.
    package static func use(_ token: APIToken, for scope: APIScope) -> Bool {
        token.scopes.contains(scope)
    }

    /// Whether it may be used so for the channel of this folded name. A token with all channels sees the secret ones too: whoever made it
    /// runs the machine.
    package static func use(_ token: APIToken, for scope: APIScope, in channel: String) -> Bool {
        use(token, for: scope) && token.channels?.contains(channel) ?? true
    }
}
