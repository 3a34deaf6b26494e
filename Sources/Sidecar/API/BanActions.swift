import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Server
import Store

/// What programs do about bans.
extension Router {
    private struct Wanted: Decodable {
        let mask: String
        let action: String?
        let reason: String?
        let operator_reason: String?
        let duration: String?
        let force: Bool?

        /// What one would write to OperServ; nil when it makes no sense.
        var command: String? {
            let words = [duration ?? "0", mask]
            guard words.allSatisfy({ !$0.isEmpty && !$0.contains(" ") }), mask.first != "-", reason?.contains("|") != true,
                (duration ?? "0").first?.isNumber == true
            else { return nil }
            let kind: String
            switch action ?? "reject" {
            case "reject": kind = force == true ? "ADD FORCE" : "ADD"
            case "require-login": kind = force == true ? "ADD REQUIRE-SASL FORCE" : "ADD REQUIRE-SASL"
            case "exempt": kind = "EXEMPT"
            default: return nil
            }
            let own = operator_reason.map { " | \($0)" } ?? ""
            return "BAN \(kind) \(words.joined(separator: " ")) \(reason ?? "No reason given")\(own)"
        }
    }

    nonisolated static let banActions = [
        Route(
            .POST, "/api/v1/bans", needs: .bans,
            Operation(
                id: "addBan", group: .bans, summary: "Sets a ban or an exemption, as OperServ BAN does.",
                body: .object(
                    [
                        "mask": .text("Whom it catches, as OperServ takes it: 192.0.2.0/24, account:spam*", length: 1...512),
                        "action": JSONSchema.oneOf("reject where it is left out", ["reject", "require-login", "exempt"]).optional,
                        "reason": JSONSchema.text("What those are told whom it catches; without |", length: 0...200, pattern: "^[^|]*$")
                            .optional,
                        "operator_reason": JSONSchema.text("What only operators read", length: 0...200).optional,
                        "duration": JSONSchema.text("How long it lasts: 1d12h; 0, or without it: for ever", pattern: "^[0-9]").optional,
                        "force": JSONSchema.flag("Whether it is meant although it looks like a slip").optional,
                    ], isSent: true),
                answers: [.lines, .refusedByService])
        ) { router, request, token in
            guard let command = try request.body(Wanted.self).command else {
                return try .problem(.badRequest, "The mask, the duration, the action or the reason makes no sense")
            }
            return try await router.run(command, at: "operserv", by: .administrator(token.actor))
        },
        Route(
            .GET, "/api/v1/bans/{ban}", needs: .bans,
            Operation(
                id: "getBan", group: .bans, summary: "A ban or an exemption.", answers: [.ok("The ban", BanView.schema), .noSuchBan])
        ) { router, request, _ in
            guard let ban = router.ban(request) else { return try .problem(.notFound, "There is no such ban") }
            return try .json(ban)
        },
        Route(
            .DELETE, "/api/v1/bans/{ban}", needs: .bans,
            Operation(
                id: "removeBan", group: .bans, summary: "Takes a ban or an exemption off.",
                answers: [.lines, .noSuchBan, .refusedByService])
        ) { router, request, token in
            guard let ban = router.ban(request) else { return try .problem(.notFound, "There is no such ban") }
            return try await router.run("BAN DEL \(ban.id)", at: "operserv", by: .administrator(token.actor))
        },
    ]

    private func ban(_ request: HTTPRequest) -> BanView? {
        request.target.pathPart(3).flatMap { Int64($0) }.flatMap { server.banView($0) }
    }
}

extension Operation.Answer {
    static let noSuchBan = problem(404, "There is no ban with this number")
}
