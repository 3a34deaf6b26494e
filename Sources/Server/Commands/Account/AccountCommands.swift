import IRCProtocol

/// Who somebody is.
let accountCommands: [Command] = [
    Command("AUTHENTICATE", parameters: 1, phase: .any, help: "AUTHENTICATE <mechanism|response|*>: logs in (SASL)", run: authenticate),
    Command(
        "REGISTER", parameters: 3, phase: .any, cost: 5,
        help: "REGISTER <account or *> <email or *> <password> [<invite code>]: makes an account (draft/account-registration)",
        run: register),
    Command(
        "TOKEN", parameters: 1, phase: .any, cost: 2,
        help: "TOKEN SERVICELIST, TOKEN GENERATE <service> [<scope>], TOKEN VALIDATE <service> <token>: proves to services who you are",
        run: token),
    Command(
        "WEBPUSH", parameters: 1, cost: 5,
        help: "WEBPUSH REGISTER <endpoint> <keys>, WEBPUSH UNREGISTER <endpoint>, WEBPUSH VAPIDPUBKEY: notifications on your devices",
        run: webPush),
    Command(
        "VERIFY", parameters: 2, phase: .any, cost: 5, help: "VERIFY <account> <code>: ends the making of an account", run: verify),
    Command(
        "LOGIN", parameters: 1, cost: 5,
        help: "LOGIN <handle>: logs in with a Bluesky or other AT Protocol identity, through a link for your browser",
        run: logInWithBrowser),
    Command(
        "PERSISTENCE", parameters: 1,
        help: "PERSISTENCE GET, PERSISTENCE SET <ON|OFF|DEFAULT>: whether you stay when your last connection ends", run: persistence),
]
