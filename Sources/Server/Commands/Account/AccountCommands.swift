import IRCProtocol

/// Who somebody is.
let accountCommands: [Command] = [
    Command("AUTHENTICATE", parameters: 1, phase: .any, help: "AUTHENTICATE <mechanism|response|*>: logs in (SASL)", run: authenticate)
]
