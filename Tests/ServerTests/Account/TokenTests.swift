import MainLoop
import RoostTesting
import Testing

@testable import Server

/// Tokens for services beside the chat (draft/authtoken).
@LoopActor @Suite struct TokenTests {
    private static let address = "198.51.100.7"
    private let test: TestWorld
    private let ann: TestClient

    init() async throws {
        test = try await TestWorld { $0.tokenServices = [Self.service("FILEHOST"), Self.service("x/Wiki")] }
        ann = try await test.logIn("ann", in: "#open", capabilities: "batch")
        await ann.send("JOIN #secret", "MODE #secret +s")
        ann.clear()
    }

    private static func service(_ name: String, _ url: String = "https://files.test") -> ServerConfiguration.TokenService {
        .init(name: name, url: url, addresses: [address], description: "About \(name)")
    }

    /// A service that asks, not registered.
    private func asker(from address: String = TokenTests.address, _ capabilities: String = "batch") async -> TestClient {
        let client = test.connect(from: address)
        await client.send("CAP REQ :\(capabilities)")
        client.clear()
        return client
    }

    private func token(_ arguments: String = "FILEHOST") async -> String {
        String(await ann.ask("TOKEN GENERATE \(arguments)").last?.split(separator: ":").last ?? "-")
    }

    @Test func servicesAreListed() async {
        let lines = await ann.ask("TOKEN SERVICELIST")
        #expect(lines.first?.hasSuffix(" draft/authtoken *") == true && lines.count == 4)
        #expect(lines[1].hasSuffix(":irc.test TOKEN SERVICE FILEHOST https://files.test :About FILEHOST"))
        let fresh = await test.join("fresh", capabilities: "batch draft/authtoken", keepsGreeting: true)
        #expect(fresh.lines.count { $0.contains(" TOKEN SERVICE ") } == 2)
    }

    @Test func aTokenTellsWhoSomebodyIsOnce() async {
        let (token, service) = (await token(), await asker())
        let lines = await service.ask("TOKEN VALIDATE filehost \(token)")
        #expect(lines.first?.hasSuffix(" draft/authtoken FILEHOST") == true)
        #expect(
            lines.dropFirst().dropLast().map { $0.split(separator: " CLAIM ").last ?? "" } == [
                "account :ann", "name :ann", "member_of :#open", "operator_of :#open",
            ])
        #expect(
            await service.ask("TOKEN VALIDATE FILEHOST \(token)") == [
                ":irc.test FAIL TOKEN INVALID_TOKEN :The provided token could not be validated"
            ])
    }

    /// A channel that not everybody may know of is told only when the token was made for it.
    @Test func theScopeIsTold() async {
        let service = await asker()
        let lines = await service.ask("TOKEN VALIDATE FILEHOST \(await token("FILEHOST #SECRET"))")
        #expect(
            lines.contains { $0.hasSuffix("CLAIM member_of :#open #secret") } && lines.contains { $0.hasSuffix("CLAIM scope :#secret") })
        #expect(await service.ask("TOKEN VALIDATE FILEHOST \(await token("FILEHOST ANN"))").contains { $0.hasSuffix("CLAIM scope :ann") })
    }

    @Test func claimsAreThoseOfTheMoment() async {
        let (token, service) = (await token(), await asker())
        await ann.send("MODE #open -o ann", "NICK anna")
        let lines = await service.ask("TOKEN VALIDATE FILEHOST \(token)")
        #expect(lines.contains { $0.hasSuffix("CLAIM name :anna") } && !lines.contains { $0.contains("operator_of") })
    }

    @Test func aTokenCountsForItsServiceAndItsTime() async {
        let service = await asker()
        let wrong = await token()
        #expect(await service.ask("TOKEN VALIDATE x/wiki \(wrong)").last?.contains(" INVALID_TOKEN ") == true)
        let late = await token()
        test.clock.advance(by: IssuedTokens.lifetime)
        #expect(await service.ask("TOKEN VALIDATE FILEHOST \(late)").last?.contains(" INVALID_TOKEN ") == true)
        let left = await token()
        ann.disconnect()
        #expect(await service.ask("TOKEN VALIDATE FILEHOST \(left)").last?.contains(" INVALID_TOKEN ") == true)
    }

    @Test func onlyTheServiceMayAsk() async {
        let token = await token()
        for client in [await asker(from: "203.0.113.9"), ann] {
            #expect(await client.ask("TOKEN VALIDATE FILEHOST \(token)").last?.contains(" NO_PERMISSIONS FILEHOST :") == true)
        }
        #expect(await asker().ask("TOKEN VALIDATE other \(token)").last?.contains(" NO_PERMISSIONS other :") == true)
    }

    @Test func tokensInSeveralLines() async {
        let (token, service) = (await token(), await asker("batch draft/authtoken message-tags"))
        await service.send("BATCH +a draft/authtoken FILEHOST", "@batch=a TOKEN VALIDATE :\(token.prefix(20))")
        await service.send("@batch=a TOKEN VALIDATE :\(token.dropFirst(20))")
        let lines = await service.ask("BATCH -a")
        #expect(lines.contains { $0.hasSuffix("CLAIM account :ann") })
        await service.send("BATCH +b draft/authtoken FILEHOST")
        for _ in 0..<20 { await service.send("@batch=b TOKEN VALIDATE :\(String(repeating: "x", count: 400))") }
        #expect((service.session.tokenBatch?.text.utf8.count ?? 0) < TokenBatch.limit + 400)
        #expect(await service.ask("BATCH -b").last?.contains("FAIL TOKEN INVALID_TOKEN") == true)
        await service.send("BATCH +c draft/authtoken FILEHOST")
        service.clear()
        await test.advance(seconds: 31)
        #expect(service.lines == [":irc.test FAIL TOKEN TIMEOUT :Timeout exceeded while waiting for the complete token to validate"])
    }

    private func asker(_ capabilities: String) async -> TestClient { await asker(from: Self.address, capabilities) }

    @Test func tokensAreBounded() async {
        var tokens = IssuedTokens()
        let first = tokens.issue(for: ann.client, account: "ann", service: "S", scope: nil, at: .zero)
        for _ in 0..<IssuedTokens.limit { _ = tokens.issue(for: ann.client, account: "ann", service: "S", scope: nil, at: .zero) }
        #expect(tokens.count == IssuedTokens.limit)
        let isVoid = tokens.redeem(first, service: "S", at: .zero) == nil
        #expect(isVoid)
        _ = tokens.issue(for: ann.client, account: "ann", service: "S", scope: nil, at: IssuedTokens.lifetime)
        #expect(tokens.count == 1)
    }

    @Test func nobodyMakesTooMany() async {
        for _ in 0..<60 { await ann.send("TOKEN GENERATE FILEHOST") }
        #expect(
            await ann.ask("TOKEN GENERATE FILEHOST") == [":irc.test FAIL TOKEN RATE_LIMITED FILEHOST :Too many tokens, try again later"])
    }

    @Test func aReloadTellsWhatChanged() async {
        let follower = await test.join("follower", capabilities: "batch draft/authtoken")
        var configuration = test.world.configuration
        configuration.tokenServices = [Self.service("FILEHOST", "https://new.test"), Self.service("Z")]
        test.world.reconfigure(configuration)
        await test.settle()
        #expect(
            follower.lines == [
                ":irc.test TOKEN DEL x/Wiki", ":irc.test TOKEN NEW FILEHOST https://new.test", ":irc.test TOKEN NEW Z https://files.test",
            ])
        #expect(ann.lines.isEmpty)
    }
}
