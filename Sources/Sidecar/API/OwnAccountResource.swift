import MainLoop
import NIOHTTP1
import Store

/// What people see and do about their own account.
extension Router {
    nonisolated static let ownAccountRoutes = [
        Route(
            .GET, "/api/v1/account", for: .owner(byConnection: true),
            Operation(
                id: "getOwnAccount", group: .account, summary: "The account of whoever asks.",
                answers: [.ok("The account", ownAccountSchema)])
        ) { router, request, _ in try await router.showAccount(request) },
        Route(
            .DELETE, "/api/v1/account/identity", for: .owner(byConnection: true),
            Operation(
                id: "unlinkIdentity", group: .account, summary: "Takes the linked identity off the account.",
                answers: [.done(), .problem(404, "No identity is linked to it"), .problem(409, "Nothing else opens the account")])
        ) { router, request, _ in try await router.unlinkIdentity(request) },
    ]

    nonisolated static let webLoginRoutes = [
        Route(
            .GET, "/api/v1/account/sessions", for: .owner(byConnection: false),
            Operation(
                id: "listSessions", group: .account, summary: "The logins on the web.",
                answers: [.ok("All of them", .object(["sessions": .list("The logins", of: webLoginSchema)]))])
        ) { router, request, _ in try await router.listWebLogins(request) },
        Route(
            .DELETE, "/api/v1/account/sessions", for: .owner(byConnection: false),
            Operation(
                id: "endSessions", group: .account, summary: "Ends all logins on the web.",
                query: [.init(name: "except", schema: .oneOf("current: all but the one that asks", ["current"]))],
                answers: [.ok("They are over", .object(["ended": .integer("How many that were")]))])
        ) { router, request, _ in try await router.endWebLogins(request) },
        Route(
            .DELETE, "/api/v1/account/sessions/{session}", for: .owner(byConnection: false),
            Operation(
                id: "endSession", group: .account, summary: "Ends a login on the web.",
                answers: [.done(), .problem(404, "There is no such session")])
        ) { router, request, _ in try await router.endWebLogin(request) },
        Route(
            .PATCH, "/api/v1/account/sessions/{session}", for: .owner(byConnection: false),
            Operation(
                id: "nameSession", group: .account, summary: "Gives a login on the web a name.",
                body: .object(["name": .text("The name; an empty one takes it away")], isSent: true),
                answers: [.done(), .problem(400, "The body or the name makes no sense"), .problem(404, "There is no such session")])
        ) { router, request, _ in try await router.nameWebLogin(request) },
    ]

    nonisolated static let deviceRoutes = [
        Route(
            .GET, "/api/v1/account/devices", for: .owner(byConnection: true),
            Operation(
                id: "listDevices", group: .account, summary: "The device passwords.",
                answers: [.ok("All of them", .object(["devices": .list("The device passwords", of: deviceSchema)]))])
        ) { router, request, _ in try await router.listDevices(request) },
        Route(
            .POST, "/api/v1/account/devices", for: .owner(byConnection: true),
            Operation(
                id: "makeDevice", group: .account, summary: "Makes a device password: it is shown only this once.",
                body: .object(
                    ["name": .text("A name for it"), "days": .integer("After how many days it is void").optional], isSent: true),
                answers: [
                    .init(status: 201, what: "The password", content: .json(newDeviceSchema)),
                    .problem(400, "The body, the name or the days make no sense"),
                    .problem(409, "The name is taken, or there are too many"),
                ])
        ) { router, request, _ in try await router.makeDevice(request) },
        Route(
            .DELETE, "/api/v1/account/devices/{device}", for: .owner(byConnection: true),
            Operation(
                id: "revokeDevice", group: .account, summary: "Makes a device password void; connections that use it are closed.",
                answers: [.done(), .problem(404, "There is no such device password")])
        ) { router, request, _ in try await router.revokeDevice(request) },
    ]

    private nonisolated static let ownAccountSchema = JSONSchema.object([
        "account": .text("Its name"), "did": .text("The DID that opens it").optional, "handle": .text("The handle of the DID").optional,
        "linked": .flag("Whether the DID is linked to an account with a name of its own, so that it can be taken off"),
    ])

    private nonisolated static let webLoginSchema = JSONSchema.object([
        "id": .text("What it is called here"), "number": .integer("What it is called on IRC: w1, w2"),
        "name": .text("Its name").optional, "address": .text("Where it was made from").optional,
        "agent": .text("The browser").optional, "created_at": .time("When it was made"), "used_at": .time("When it was last used"),
        "state": .oneOf("Whether it is over", ["live", "ended"]), "reason": .text("Why it is over").optional,
        "current": .flag("Whether it is the one that asks"),
    ])

    private nonisolated static let deviceSchema = JSONSchema.object([
        "name": .text("Its name"), "created_at": .time("When it was made"), "used_at": .time("When it was last used").optional,
        "expires_at": .time("When it ends").optional,
    ])

    private nonisolated static let newDeviceSchema = JSONSchema.object([
        "account": .text("What to log in as"), "name": .text("Its name"), "password": .text("The password"),
    ])
}
