import ATProto
import Accounts
import Foundation
import MainLoop

@testable import Server
@testable import Store

/// The logins at a broker that a test makes up.
@LoopActor
final class TestWebLogins: WebLogins {
    weak var world: World?
    private(set) var all: [WebLogin] = []
    /// Whether the store of the broker answers.
    var isBroken = false

    nonisolated init() {}

    private struct Broken: Error {}

    /// One more login of `did`.
    func add(_ did: DID, agent: String? = nil) -> WebLogin {
        let number = 1 + all.count { $0.did == did.text }
        let login = WebLogin(
            id: "\(did.text) \(number)", did: did.text, number: number, name: nil, place: LoginPlace(address: nil, agent: agent),
            createdAt: 1_700_000_000_000, usedAt: 1_700_000_000_000, endedBecause: nil)
        all.append(login)
        return login
    }

    func webLogins(of did: DID) async throws -> [WebLogin] {
        if isBroken { throw Broken() }
        return all.filter { $0.did == did.text }
    }

    func nameWebLogin(_ number: Int, of did: DID, as name: String?) async throws -> Bool {
        if isBroken { throw Broken() }
        return change(number, did, name: name, endedBecause: nil)
    }

    func endWebLogin(_ number: Int, of did: DID, reason: String) async throws -> Bool {
        if isBroken { throw Broken() }
        guard let login = all.first(where: { $0.did == did.text && $0.number == number && $0.endedBecause == nil }) else { return false }
        _ = change(number, did, name: login.name, endedBecause: reason)
        world?.webLoginsEnded([login.id], reason: reason)
        return true
    }

    func endWebLogins(of did: DID, reason: String) async throws -> Int {
        var count = 0
        for login in try await webLogins(of: did) where try await endWebLogin(login.number, of: did, reason: reason) { count += 1 }
        return count
    }

    /// Names that nobody can log in as, and why.
    var unknownNames: [String: String] = [:]

    func refusal(ofLogin name: String) async -> String? { unknownNames[name] }

    private func change(_ number: Int, _ did: DID, name: String?, endedBecause: String?) -> Bool {
        guard let index = all.firstIndex(where: { $0.did == did.text && $0.number == number }) else { return false }
        let old = all[index]
        all[index] = WebLogin(
            id: old.id, did: old.did, number: old.number, name: name, place: old.place, createdAt: old.createdAt, usedAt: old.usedAt,
            endedBecause: endedBecause)
        return true
    }
}

extension TestWorld {
    nonisolated static let alice = "did:plc:aliceaaaaaaaaaaaaaaaaaaa"
    nonisolated static let bob = "did:plc:bobbbbbbbbbbbbbbbbbbbbbb"

    /// A registered client that is logged in with a web token.
    ///
    /// - Parameter login: the login at the broker that the token rests on.
    func logIn(_ nick: String, did text: String, handle: String? = nil, login: WebLogin? = nil, in channel: String? = nil) async
        -> TestClient
    {
        let client = connect()
        await client.send("CAP REQ :sasl", "NICK \(nick)", "USER \(nick) 0 * :\(nick)")
        await present(client, did: text, handle: handle, login: login)
        await client.send("CAP END")
        if let channel { await client.send("JOIN \(channel)") }
        return client
    }

    /// Shows a fresh web token.
    func present(_ client: TestClient, did text: String, handle: String? = nil, login: WebLogin? = nil) async {
        guard let did = DID(text) else { return }
        let token = webTokens.mint(did: did, handle: handle.flatMap { Handle($0) }, login: login?.id)
        let response = #"{"did":"","method":"web-token","signature":"\#(token)"}"#
        await client.send("AUTHENTICATE ATPROTO-CHALLENGE", "AUTHENTICATE " + Base64URL.encode(Data(response.utf8)))
    }
}
