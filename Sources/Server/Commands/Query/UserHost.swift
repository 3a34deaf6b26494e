import IRCProtocol
import MainLoop

/// `USERHOST` (RFC 2812 section 4.8).
@LoopActor
func userHost(_ context: CommandContext) {
    context.tellHosts(.userHost, hidden: \.host)
}

/// `USERIP`: as USERHOST, with addresses only.
@LoopActor
func userIP(_ context: CommandContext) {
    context.tellHosts(.userIP) { _ in "255.255.255.255" }
}

extension CommandContext {
    /// - Parameter hidden: what is told in place of an address that the asker may not see.
    fileprivate func tellHosts(_ numeric: Numeric, hidden: (Client) -> String) {
        let entries = message.parameters.prefix(targetLimit).compactMap { name -> String? in
            guard let other = world.person(named: name) else { return nil }
            let host = Permissions.seeAddress(of: other, by: client) ? other.address : hidden(other)
            let star = Permissions.seeOperator(other, by: client) ? "*" : ""
            return "\(other.target)\(star)=\(other.away == nil ? "+" : "-")\(other.user)@\(host)"
        }
        reply(numeric, inLines: entries)
    }
}
