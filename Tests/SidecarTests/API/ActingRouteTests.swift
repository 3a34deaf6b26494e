import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import RoostTesting
import Server
import Store
import Testing

@testable import Sidecar

/// What programs do.
@LoopActor @Suite struct ActingRouteTests {
    private let world = APIWorld()
    private let control = FakeControl()

    private func all() async throws -> HTTPHeaders { try await world.token(Set(APIScope.allCases)) }

    private struct Act: Equatable {
        let status: UInt
        let done: [String]

        init(_ status: UInt, _ done: [String]) { (self.status, self.done) = (status, done) }
    }

    /// Asks, and gives the status and what was done.
    private func act(_ method: HTTPMethod, _ target: String, _ body: String? = nil) async throws -> Act {
        let server = world.test.world
        let (acts, commands) = (server.acts.count, server.commands.count)
        let status = try await world.ask(method, target, all(), body: body).status.code
        return Act(status, Array(server.acts.dropFirst(acts)) + server.commands.dropFirst(commands))
    }

    @Test func aProgramSpeaks() async throws {
        let said = try await act(.POST, "/api/v1/channels/c/messages", #"{"text":"hi"}"#)
        #expect(said.status == 201 && said.done == ["say c hi by bot1"])
        let noted = try await act(.POST, "/api/v1/channels/%23c/messages", #"{"text":"hi","kind":"notice"}"#)
        #expect(noted.status == 201 && noted.done == ["notice #c hi by bot2"])
        for (body, status) in [
            (#"{"text":"REFUSE"}"#, 422), (#"{"text":""}"#, 400), (#"{"text":"a","kind":"x"}"#, 400), (#"{"text":1}"#, 400), ("", 400),
        ] {
            let refused = try await act(.POST, "/api/v1/channels/c/messages", body)
            #expect(refused.status == status && refused.done.isEmpty, "\(body)")
        }
        #expect(try await act(.POST, "/api/v1/channels/d/messages", #"{"text":"hi"}"#).status == 404)
        let fast = try await world.ask(.POST, "/api/v1/channels/c/messages", all(), body: #"{"text":"FAST"}"#)
        #expect(fast.status == .tooManyRequests && fast.headers["Retry-After"] == ["3"])
    }

    @Test func aProgramRunsChannels() async throws {
        #expect(try await act(.PATCH, "/api/v1/channels/c", #"{"topic":"new"}"#) == Act(200, ["topic c new by bot1"]))
        #expect(try await act(.PATCH, "/api/v1/channels/c", "{}").status == 400)
        #expect(try await act(.PATCH, "/api/v1/channels/d", #"{"topic":"new"}"#).status == 404)
        let kick = try await act(.DELETE, "/api/v1/channels/c/members/ann?reason=go%20away")
        #expect(kick.status == 204 && kick.done == ["kick ann c go away by bot4"])
        #expect(try await act(.DELETE, "/api/v1/channels/c/members/bob").status == 404)
        let purge = try await act(.PUT, "/api/v1/channels/c/purge", #"{"reason":"spam"}"#)
        #expect(purge.status == 200 && purge.done == ["PURGE ADD #c spam by token bot6"])
        #expect(try await act(.DELETE, "/api/v1/channels/c/purge").done == ["PURGE DEL #c by token bot7"])
        #expect(try await act(.PUT, "/api/v1/channels/d/purge", "{}").status == 404)
        #expect(try await act(.PUT, "/api/v1/channels/c/purge", #"{"reason":"a\nb"}"#).status == 400)
    }

    @Test func aProgramDisconnectsAndSuspends() async throws {
        #expect(try await act(.DELETE, "/api/v1/clients/ann?reason=spam") == Act(204, ["disconnect ann spam by bot1"]))
        #expect(try await act(.DELETE, "/api/v1/clients/ann").done == ["disconnect ann - by bot2"])
        #expect(try await act(.DELETE, "/api/v1/clients/bob").status == 404)
        let closed = try await act(.PUT, "/api/v1/accounts/ann/suspension", #"{"reason":"spam and more"}"#)
        #expect(closed.status == 200 && closed.done == ["SUSPEND ann spam and more by token bot4"])
        #expect(try await act(.DELETE, "/api/v1/accounts/ann/suspension").done == ["UNSUSPEND ann  by token bot5"])
        #expect(try await act(.PUT, "/api/v1/accounts/bob/suspension", "{}") == Act(404, []))
    }

    @Test(arguments: [
        (#"{"mask":"192.0.2.1"}"#, "BAN ADD 0 192.0.2.1 No reason given"),
        (
            #"{"mask":"account:x*","action":"require-login","duration":"1d","reason":"a b","operator_reason":"c"}"#,
            "BAN ADD REQUIRE-SASL 1d account:x* a b | c"
        ),
        (#"{"mask":"192.0.2.1","action":"exempt"}"#, "BAN EXEMPT 0 192.0.2.1 No reason given"),
        (#"{"mask":"*!*@*","force":true}"#, "BAN ADD FORCE 0 *!*@* No reason given"),
    ])
    func aProgramBans(_ body: String, _ command: String) async throws {
        let made = try await act(.POST, "/api/v1/bans", body)
        #expect(made.status == 200 && made.done == ["\(command) by token bot1"])
    }

    /// Nothing that is sent becomes another word of the command.
    @Test(arguments: [
        #"{"mask":"a b"}"#, #"{"mask":""}"#, #"{"mask":"x","duration":"FORCE"}"#, #"{"mask":"x","duration":"1d FORCE"}"#,
        #"{"mask":"x","action":"FORCE"}"#, #"{"mask":"x","reason":"a|b"}"#, #"{"mask":"x\nBAN"}"#,
    ])
    func whatIsNoBanIsRefused(_ body: String) async throws {
        #expect(try await act(.POST, "/api/v1/bans", body) == Act(400, []))
    }

    @Test func bansAreTakenOffByNumber() async throws {
        #expect(try await act(.GET, "/api/v1/bans/7").status == 200)
        #expect(try await act(.DELETE, "/api/v1/bans/7").done == ["BAN DEL 7 by token bot2"])
        for number in ["8", "x", "7x", "-7"] { #expect(try await act(.DELETE, "/api/v1/bans/\(number)") == Act(404, [])) }
    }

    @Test func aProgramReloadsAndChangesTheLog() async throws {
        #expect(try await act(.POST, "/api/v1/server/rehash").status == 503)
        world.test.sidecar.control = control
        #expect(try await act(.POST, "/api/v1/server/rehash").status == 200 && control.actors == ["token bot2"])
        control.answer = ServiceAnswer(lines: ["line 3 is bad"], isRefusal: true)
        let refused = try await world.ask(.POST, "/api/v1/server/rehash", all())
        #expect(refused.status == .unprocessableEntity && String(buffer: refused.body).contains("line 3 is bad"))
        #expect(try await act(.PUT, "/api/v1/server/loglevel", #"{"level":"debug"}"#).status == 200)
        #expect(try await world.json("/api/v1/server/loglevel", all()) == #"{"level":"debug"}"#)
        #expect(try await act(.PUT, "/api/v1/server/loglevel", #"{"level":"loud"}"#).status == 400)
        #expect(control.currentLogLevel == "debug")
    }
}

@LoopActor
private final class FakeControl: Controlled {
    var answer = ServiceAnswer(lines: ["done"])
    var actors: [String] = []
    var currentLogLevel = "notice"

    func rehash(by actor: String) async -> ServiceAnswer {
        actors.append(actor)
        return answer
    }

    func setLogLevel(_ name: String, by actor: String) -> Bool {
        guard name != "loud" else { return false }
        currentLogLevel = name
        return true
    }
}
