import IRCProtocol

/// What was said before.
let histServ = Service(
    nick: "HistServ", shortVerb: "HISTSERV", purpose: "reads, searches and deletes what was said",
    commands: [])
