import ATProto
import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import Broker

@LoopActor
@Suite struct BeginLoginTests {
    private typealias House = BrokerHouse

    private func error(_ house: House, _ request: LoginRequest) async -> BrokerError? {
        do {
            _ = try await house.broker.beginLogin(request)
            return nil
        } catch {
            return error
        }
    }

    @Test func sendsTheBrowserToTheAccountsServer() async throws {
        let house = try House()
        let url = try await house.broker.beginLogin(LoginRequest(handle: " @Alice.bsky.social ")).authorizationURL
        let client = "https%3A%2F%2Firc.example.org%2Foauth-client-metadata.json"
        #expect(url.hasPrefix("https://as.example.com/authorize?client_id=\(client)&request_uri="))
        #expect(house.network.pushed.values.first?.hint == "alice.bsky.social")
    }

    @Test func takesADID() async throws {
        let house = try House()
        _ = try await house.broker.beginLogin(LoginRequest(handle: House.alice))
        #expect(house.network.pushed.values.first?.hint == House.alice)
    }

    @Test func saysWhatIsWrong() async throws {
        let house = try House()
        #expect(await error(house, LoginRequest(handle: " "))?.status == 400)
        #expect(await error(house, LoginRequest(handle: "not a handle"))?.status == 400)
        for (name, reason) in [
            ("did:nonsense:%", "not a valid DID"), ("did:ethr:0xabc", "this DID method is not supported"),
            ("did:plc:short", "not a valid DID"),
        ] {
            let error = await error(house, LoginRequest(handle: name))
            #expect(error?.status == 400 && error?.message == "Cannot resolve DID: \(reason)", "\(name)")
        }
        #expect(await error(house, LoginRequest(handle: "nobody.example.net"))?.message.hasPrefix("Cannot resolve handle: ") == true)
        #expect(
            await error(house, LoginRequest(handle: "alice.bsky.social", returnTo: "https://evil.example"))
                == .badRequest("Invalid return_to URL"))
        house.directory.failure = .temporary(reason: "down")
        #expect(await error(house, LoginRequest(handle: "alice.bsky.social"))?.status == 502)
        house.directory.failure = nil
        house.directory.pds = nil
        #expect(await error(house, LoginRequest(handle: "alice.bsky.social")) == .badRequest("No PDS in DID document"))
    }

    @Test func aHandleThatTheAccountDoesNotClaimIsRefused() async throws {
        let house = try House()
        house.directory.claims[House.alice] = "other.example.net"
        #expect(await error(house, LoginRequest(handle: "alice.bsky.social"))?.status == 400)
        #expect(await error(house, LoginRequest(handle: House.alice)) == nil)
    }

    @Test func serversThatFailAreA502() async throws {
        let house = try House()
        house.network.faults.failure = .unreachable(reason: "down")
        #expect(await error(house, LoginRequest(handle: "alice.bsky.social"))?.message.hasPrefix("Auth server discovery failed: ") == true)
        house.network.faults.failure = nil
        house.network.faults.namedIssuer = "https://as.example.com/path"
        #expect(await error(house, LoginRequest(handle: "alice.bsky.social"))?.status == 502)
    }

    @Test func forbiddenAddressesAreNotDescribed() async throws {
        let house = try House()
        house.network.faults.failure = .refused(reason: "pds.example.com leads to 10.1.2.3")
        let found = await error(house, LoginRequest(handle: "alice.bsky.social"))
        #expect(found == .badRequest("Auth server discovery failed: it leads to an address that is not allowed"))
        house.directory.failure = .refused(reason: "secret.corp leads to 10.1.2.3")
        #expect(await error(house, LoginRequest(handle: "alice.bsky.social"))?.message.contains("10.1.2.3") == false)
    }

    @Test func pendingLoginsAreBoundedAndExpire() async throws {
        var limits = BrokerLimits()
        limits.pendingLogins = 3
        let house = try House(limits: limits)
        let first = try await house.callback()
        for _ in 0..<2 { #expect(await error(house, LoginRequest(handle: "alice.bsky.social")) == nil) }
        #expect(await error(house, LoginRequest(handle: "alice.bsky.social"))?.status == 503)
        #expect(try House.result(of: await house.broker.finishLogin(first)).did == House.alice)
        #expect(await error(house, LoginRequest(handle: "alice.bsky.social")) == nil)
        house.clock.advance(by: limits.loginLifetime)
        for _ in 0..<3 { #expect(await error(house, LoginRequest(handle: "alice.bsky.social")) == nil) }
    }

    @Test func aFailedBeginningLeavesNothingBehind() async throws {
        var limits = BrokerLimits()
        limits.pendingLogins = 1
        let house = try House(limits: limits)
        for _ in 0..<5 { #expect(await error(house, LoginRequest(handle: "nobody.example.net"))?.status == 400) }
        #expect(await error(house, LoginRequest(handle: "alice.bsky.social")) == nil)
    }
}
