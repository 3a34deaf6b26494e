import IRCProtocol

/// What was said before.
let histServ = Service(
    nick: "HistServ", shortVerb: "HISTSERV", purpose: "reads, searches, gives out and deletes what was said",
    commands: [
        ServiceCommand(
            name: "PLAY", parameters: "<channel or nickname> [<number>]", minimum: 1,
            summary: "Shows the newest messages of a channel or conversation.", run: play),
        ServiceCommand(
            name: "SEARCH", parameters: "<channel or nickname> <words>", minimum: 2, summary: "Finds messages with all of these words.",
            run: find),
        ServiceCommand(
            name: "EXPORT", need: .account, isForOwners: true,
            summary: "Gives you all that you have said, as a link that counts for an hour.",
            detail: ["It is a list of JSON objects, one a line. Take it before you use FORGET."], run: exportOwn),
        ServiceCommand(
            name: "FORGET", parameters: "[<code>]", need: .account, isForOwners: true,
            summary: "Deletes all that you have said while logged in.",
            run: forgetOwn),
        ServiceCommand(
            name: "DELETE", parameters: "<msgid>", minimum: 1, need: .serverOperator(.history),
            summary: "Deletes one message, wherever it is.",
            run: deleteOne),
        ServiceCommand(
            name: "SAEXPORT", parameters: "<account>", minimum: 1, need: .serverOperator(.history),
            summary: "Gives out all that an account has said.", run: exportOther),
        ServiceCommand(
            name: "SAFORGET", parameters: "<account> [<code>]", minimum: 1, need: .serverOperator(.history),
            summary: "Deletes all that an account has said.", run: forgetOther),
        actFor,
    ])
