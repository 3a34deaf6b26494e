import IRCProtocol

/// Accounts and the nicknames that belong to them.
let nickServ = Service(
    nick: "NickServ", shortVerb: "NS", purpose: "accounts, and the nicknames that belong to them",
    commands: [
        ServiceCommand(
            name: "REGISTER", parameters: "<password> [<email or *>] [<invite code>]", minimum: 1, reach: .connection,
            summary: "Makes an account with the name of your nickname.",
            detail: ["With a Bluesky or other AT Protocol identity you need none: log in on the web page of this server."],
            run: registerNick),
        ServiceCommand(
            name: "VERIFY", parameters: "<account> <code>", minimum: 2, reach: .connection,
            summary: "Ends the making of an account with the code from the mail.",
            run: verifyNick),
        ServiceCommand(
            name: "IDENTIFY", parameters: "[<account>] <password>", minimum: 1, reach: .connection,
            summary: "Logs you in to an account. SASL does the same before you are seen by anybody.", run: identify),
        ServiceCommand(
            name: "LOGIN", parameters: "<handle>, or LOGIN [<account>] <password>", minimum: 1, reach: .connection,
            summary: "Logs you in with a Bluesky or other AT Protocol identity: you get a link for your browser.",
            detail: [
                "With a password it is the same as IDENTIFY, but a single word that could be a handle is taken for one.",
                "The link counts once, for 10 minutes; the page behind it shows which connection asks.",
            ], run: logInToService),
        ServiceCommand(name: "LOGOUT", need: .account, reach: .person, summary: "Logs you out.", run: logOutOfService),
        ServiceCommand(
            name: "INFO", parameters: "[<account>]", summary: "Tells about an account; more about your own.", run: accountInfo),
        ServiceCommand(
            name: "SESSIONS", aliases: ["CLIENTS"], parameters: "[LOGOUT <number>|ALL], SESSIONS NAME <number> [<name>]",
            summary: "Lists your connections and your logins on the web, or ends them.",
            detail: [
                "w1, w2 and so on are logins of web pages and apps. The end of one closes the connections that rest on it.",
                "ALL ends everything but this connection and the login that it rests on.",
                "Operators of the server see those of others: SESSIONS <account>.",
            ], run: listSessions),
        ServiceCommand(
            name: "RECHECK", parameters: "[<account>]", need: .account,
            summary: "Looks your identity up anew, for a handle that has changed; operators may name another account.", run: recheck),
        ServiceCommand(
            name: "SET", parameters: "<setting> <value>", minimum: 2, need: .account, summary: "Changes a setting of your account.",
            detail: AccountSetting.help, run: setAccount),
        ServiceCommand(
            name: "GET", parameters: "[<setting>]", need: .account, summary: "Shows the settings of your account.", run: getAccount),
        ServiceCommand(
            name: "VERIFYEMAIL", parameters: "<code>", minimum: 1, need: .account,
            summary: "Ends SET EMAIL with the code from the mail.", detail: ["The address that you had before is told."],
            run: verifyEmail),
        ServiceCommand(
            name: "PASSWD", aliases: ["PASSWORD"], parameters: "[<old password>] <new password> <new password>", minimum: 2, need: .account,
            reach: .person, summary: "Changes your password.",
            detail: [
                "Other connections that logged in with the old one are closed.",
                "An account without a password gets its first one without an old one; that of a Bluesky or other AT Protocol identity "
                    + "only where this server allows it.",
            ], run: changePassword),
        ServiceCommand(
            name: "SENDPASS", parameters: "<account>", minimum: 1,
            summary: "Sends a code to the address of an account whose password is forgotten.",
            detail: ["The address has to be proved: with a code when the account was made, or with SET EMAIL."], run: sendPassword),
        ServiceCommand(
            name: "RESETPASS", parameters: "<account> <code> <new password>", minimum: 3, reach: .connection,
            summary: "Changes a forgotten password with the code from the mail.",
            detail: ["Connections that logged in with the old one are closed."], run: resetPassword),
        ServiceCommand(
            name: "CERT", parameters: "ADD [<fingerprint>], CERT DEL <fingerprint>, CERT LIST", minimum: 1, need: .account,
            summary: "Says which client certificates log you in (SASL EXTERNAL).",
            detail: ["ADD without a fingerprint takes the certificate that your connection shows."], run: changeCertificates),
        ServiceCommand(
            name: "DEVICE", aliases: ["DEVICES", "APPPASSWORD"], parameters: "ADD <name> [<days>], DEVICE DEL <name>, DEVICE LIST",
            minimum: 1, need: .account, summary: "Makes passwords for one device each, for clients that know SASL PLAIN only.",
            detail: ["A password is shown once. DEL closes the connections that logged in with it."], run: changeDevicePasswords),
        ServiceCommand(
            name: "LINK", parameters: "<handle>", minimum: 1, need: .account, reach: .connection,
            summary: "Links a Bluesky or other AT Protocol identity to your account: you get a link for your browser.",
            detail: [
                "Whoever logs in with the identity gets your account then. Your account keeps its name; WHOIS and masks know the identity.",
                "An identity that has an account of its own here cannot be linked before that is deleted.",
            ], run: linkIdentity),
        ServiceCommand(
            name: "UNLINK", parameters: "[<code>]", need: .account, reach: .person, summary: "Takes the linked identity off your account.",
            detail: ["It needs another way to log in: a password or a certificate."], run: unlinkIdentity),
        ServiceCommand(
            name: "RESERVE", aliases: ["GROUP"], need: .account, summary: "Reserves the nickname that you use now for your account.",
            detail: ["Operators of the server name it: FOR <account> RESERVE <nickname>."], run: reserveNick),
        ServiceCommand(
            name: "RELEASE", aliases: ["UNGROUP"], parameters: "<nickname>", minimum: 1, need: .account,
            summary: "Gives a reserved nickname free.", run: releaseNick),
        ServiceCommand(
            name: "GHOST", parameters: "<nickname>", minimum: 1, need: .account,
            summary: "Disconnects whoever uses your nickname, or is left of you.", run: ghost),
        ServiceCommand(
            name: "REGAIN", aliases: ["RECOVER"], parameters: "<nickname>", minimum: 1, need: .account, reach: .person,
            summary: "As GHOST, and gives you the nickname.", run: regain),
        ServiceCommand(
            name: "UNREGISTER", aliases: ["DROP"], parameters: "[<code>]", need: .account,
            summary: "Deletes your account. What you have said stays; /msg HistServ FORGET deletes that.", run: unregisterAccount),
        ServiceCommand(
            name: "LIST", parameters: "[<mask>]", need: .serverOperator(.accreg), summary: "Lists accounts.", run: listAccounts),
        ServiceCommand(
            name: "INVITECODE", aliases: ["INVITECODES"], parameters: "ADD [<uses>] [<days>], INVITECODE DEL <number>, INVITECODE LIST",
            minimum: 1, need: .serverOperator(.accreg), summary: "Makes codes with which people make accounts (accounts.registration).",
            detail: ["Without more, a code is good for one account and 30 days; 0 days: for ever. It is shown once."],
            run: changeInviteCodes),
        ServiceCommand(
            name: "SAREGISTER", parameters: "<account> <password>", minimum: 2, need: .serverOperator(.accreg),
            summary: "Makes an account for somebody.", run: registerForSomebody),
        ServiceCommand(
            name: "SAPASSWD", parameters: "<account> <new password>", minimum: 2, need: .serverOperator(.accreg),
            summary: "Gives an account another password.", run: setPassword),
        ServiceCommand(
            name: "SAUNREGISTER", aliases: ["ERASE"], parameters: "<account> [<code>]", minimum: 1, need: .serverOperator(.accreg),
            summary: "Deletes an account.", run: unregisterSomebody),
        ServiceCommand(
            name: "SALOGOUT", parameters: "<account> <number>|ALL", minimum: 2, need: .serverOperator(.accreg),
            summary: "Ends a connection or a login on the web of somebody, or all of them.", run: logOutSomebody),
        ServiceCommand(
            name: "SAUNLINK", parameters: "<account> [<code>]", minimum: 1, need: .serverOperator(.accreg),
            summary: "Takes the linked identity off an account.", run: unlinkSomebody),
        ServiceCommand(
            name: "SUSPEND", parameters: "<account> [<reason>]", minimum: 1, need: .serverOperator(.accreg),
            summary: "Closes an account and disconnects whoever uses it."
        ) { suspend($0, true) },
        ServiceCommand(
            name: "UNSUSPEND", parameters: "<account>", minimum: 1, need: .serverOperator(.accreg), summary: "Opens it again."
        ) { suspend($0, false) },
        actFor,
    ])
