import Accounts
import IRCProtocol
import MainLoop

/// What a service learns of somebody who showed it a token: as things stand when it asks.
@LoopActor
struct TokenClaims {
    /// Bytes of a value on one line; what is longer goes on in the next one.
    private static let lineLimit = 300

    /// Keys and values; a key that comes again goes on where it ended.
    let lines: [(key: String, value: String)]

    /// - Parameter scope: the channel or name that the token was made for. Of channels that not everybody may know of, this one alone
    ///   is told.
    init(of client: Client, scope: String?) {
        let channels = client.channels.values.filter { channel in
            Permissions.tell(channel, toServiceFor: scope)
        }.sorted { $0.name.folded < $1.name.folded }
        let run = channels.filter { $0[client]?.ranks.atLeast(.halfop) == true }
        var lines = [("account", client.identity?.account ?? ""), ("name", client.target)]
        for (key, list) in [("member_of", channels), ("operator_of", run)] {
            for (index, line) in list.map(\.name.text).joinedIntoLines(ofBytes: Self.lineLimit).enumerated() {
                lines.append((key, index == 0 ? line : " " + line))
            }
        }
        if let scope { lines.append(("scope", scope)) }
        self.lines = lines
    }
}
