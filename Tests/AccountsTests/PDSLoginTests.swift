import ATProto
import Foundation
import MainLoop
import RoostTesting
import Testing

@testable import Accounts

/// What comes of the answer of a PDS, and who is asked at all.
@LoopActor @Suite struct PDSLoginTests {
    private let clock = VirtualClock()
    private let directory = FakeDirectory()
    private let pds = FakePDS()
    private let alice: DID
    private let login: PDSLogin

    init() throws {
        alice = try #require(DID("did:plc:aliceaaaaaaaaaaaaaaaaaaa"))
        directory.documents[alice] = try .of(alice)
        login = PDSLogin(resolver: directory, fetcher: pds, clock: clock)
        pds.answer = .success(#"{"did":"\#(alice)","handle":"alice.example.com","active":true}"#)
    }

    private func failure(proof: String? = nil, at place: String = "https://pds.example.com") async throws -> SASLFailure? {
        let origin = try #require(Origin(place))
        let token = try #require(PDSToken("token", proof: proof, of: alice, at: origin))
        do throws(SASLFailure) {
            try await login.check(token)
            return nil
        } catch {
            return error
        }
    }

    @Test func aTokenIsGoodWhenThePDSSaysSo() async throws {
        #expect(try await failure() == nil)
        #expect(pds.urls == ["https://pds.example.com/xrpc/com.atproto.server.getSession"])
        pds.answer = .success(#"{"did":"\#(alice)"}"#)
        #expect(try await failure(proof: "p") == nil)
    }

    /// The token goes nowhere else, whoever the client names.
    @Test(arguments: [
        "https://evil.example.com", "https://pds.example.com:8443", "http://pds.example.com", "https://pds.example.com.evil.example.com",
    ])
    func onlyThePDSOfTheDocumentIsAsked(_ place: String) async throws {
        #expect(try await failure(at: place) == .otherPDS)
        #expect(pds.requests.isEmpty)
        directory.documents[alice] = try DIDDocument(json: Data(#"{"id":"\#(alice)"}"#.utf8), expecting: alice)
        #expect(try await failure() == .otherPDS)
        directory.failure = .temporary(reason: "down")
        #expect(try await failure() == .unavailable)
        directory.failure = .tombstoned(alice.text)
        #expect(try await failure() == .rejected)
        #expect(pds.requests.isEmpty)
    }

    @Test func anAnswerAboutSomebodyElseIsNone() async throws {
        for answer in [
            #"{"did":"did:plc:bobbbbbbbbbbbbbbbbbbbbbb"}"#, #"{"did":"did:plc:bobbbbbbbbbbbbbbbbbbbbbb","did":"\#(alice)"}"#,
            #"{"handle":"alice.example.com"}"#, "[]", "", "<html>",
        ] {
            pds.answer = .success(answer)
            #expect(try await failure() == .rejected, "\(answer)")
        }
    }

    @Test func anAccountThatIsNotActiveIsRefused() async throws {
        for active in ["false", "null", "\"true\""] {
            pds.answer = .success(#"{"did":"\#(alice)","active":\#(active)}"#)
            #expect(try await failure() == .gone("the account is not active at its PDS"))
        }
    }

    @Test func statusesAreToldApart() async throws {
        for (status, expected) in [
            (400, SASLFailure.rejected), (401, .rejected), (403, .rejected), (404, .rejected), (302, .rejected), (204, .rejected),
            (429, .unavailable), (500, .unavailable), (503, .unavailable),
        ] {
            pds.status = status
            #expect(try await failure() == expected, "\(status)")
        }
        for (error, expected) in [
            (FetchError.refused(reason: "x"), SASLFailure.rejected), (.tooLarge, .rejected), (.timeout, .unavailable),
            (.busy, .unavailable), (.unreachable(reason: "x"), .unavailable), (.dns(reason: "x"), .unavailable),
            (.broken(reason: "x"), .unavailable),
        ] {
            pds.answer = .failure(error)
            #expect(try await failure() == expected, "\(error)")
        }
    }

    @Test func aPDSThatAsksToBeLeftAloneIs() async throws {
        (pds.status, pds.headers) = (429, [("Retry-After", "30")])
        #expect(try await failure() == .unavailable)
        #expect(try await failure() == .unavailable)
        #expect(pds.requests.count == 1)
        clock.advance(by: .seconds(30))
        _ = try await failure()
        #expect(pds.requests.count == 2)
    }

    @Test(arguments: [400, 401])
    func aNonceIsHandedOnWhereThereIsAProof(_ status: Int) async throws {
        pds.status = status
        let asks = ("WWW-Authenticate", #"DPoP error="use_dpop_nonce", error_description="x""#)
        for (body, headers) in [
            (#"{"error":"use_dpop_nonce"}"#, [("dpop-nonce", "abc")]), ("{}", [asks, ("DPoP-Nonce", "abc")]),
            ("", [("DPoP-Nonce", "abc"), asks]),
        ] {
            (pds.answer, pds.headers) = (.success(body), headers)
            #expect(try await failure(proof: "p") == .nonceNeeded("abc"))
            #expect(try await failure() == .rejected)
        }
        pds.answer = .success(#"{"error":"use_dpop_nonce"}"#)
        let longest = String(repeating: "n", count: PDSAnswer.nonceLimit)
        for nonce in ["", "a b", "a\r\nb", "n\u{7F}", "ä", longest + "n"] {
            pds.headers = [("DPoP-Nonce", nonce)]
            #expect(try await failure(proof: "p") == .rejected)
        }
        pds.headers = [("DPoP-Nonce", longest)]
        #expect(try await failure(proof: "p") == .nonceNeeded(longest))
        pds.headers = []
        #expect(try await failure(proof: "p") == .rejected)
        (pds.answer, pds.headers) = (.success(#"{"error":"invalid_dpop_proof"}"#), [("DPoP-Nonce", "abc")])
        #expect(try await failure(proof: "p") == .rejected)
    }
}
