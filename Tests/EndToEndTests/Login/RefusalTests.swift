import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RoostTesting
import Testing

/// What a login must not be: somebody else's, twice, or a way into this machine.
@Suite(.serialized) struct RefusalTests {
    /// What the daemon answers to a browser that keeps its cookies.
    private func status(_ roost: RunningRoost, _ url: String, _ browser: HTTPClient) async throws -> (status: Int, body: String) {
        let answer = try await roost.come(back: url, browser: browser)
        return (Int(answer.status.code), String(buffer: try await answer.body.collect(upTo: 1 << 20)))
    }

    @Test func anotherAccountSignedIn() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            let mallory = peer.addAccount("mallory.test").did
            peer.configure { $0.approval = .account(mallory) }
            let back = try await roost.visit("alice.test", browser: browser)
            let (code, body) = try await status(roost, back, browser)
            #expect((400..<500).contains(code) && !body.contains("broker_token"))
            await peer.wait { $0.revokedSessions > 0 }
            #expect(peer.liveSessions() == 0)
        }
    }

    @Test(arguments: ["other iss", "no iss", "unknown state", "no code"])
    func theCallbackWasTamperedWith(_ how: String) async throws {
        let changes: [String: String?] =
            switch how {
            case "other iss": ["iss": "http://127.0.0.1:1"]
            case "no iss": ["iss": nil]
            case "unknown state": ["state": "unknown"]
            default: ["code": nil]
            }
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            peer.add(PeerFault(.callback(changes), at: .authorize))
            let back = try await roost.visit("alice.test", browser: browser)
            let (code, body) = try await status(roost, back, browser)
            #expect((400..<500).contains(code) && !body.contains("oauth="))
            #expect(peer.counters.codeGrants == 0)
        }
    }

    @Test func aRepeatedCallbackIsTheSameLogin() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            let back = try await roost.visit("alice.test", browser: browser)
            let first = try await roost.come(back: back, browser: browser).headers.first(name: "location")
            let second = try await roost.come(back: back, browser: browser).headers.first(name: "location")
            #expect(first != nil && first == second)
            #expect(peer.counters.codeGrants == 1 && peer.counters.codeReplays == 0)
        }
    }

    @Test func badRequestsAreRefusedAtTheDoor() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            for query in [
                "", "handle=", "handle=not%20a%20handle", "handle=nobody.test",
                "handle=alice.test&return_to=https://evil.example", "handle=alice.test&return_to=//evil.example",
                "handle=alice.test&return_to=/%09/evil.example", "handle=alice.test&return_to=%5C%5Cevil.example",
            ] {
                let code = try await status(roost, roost.origin + "/auth/login?" + query, browser).status
                #expect((400..<500).contains(code), "\(query)")
            }
            #expect(try await roost.session("unknown", browser: browser).status == 401)
            #expect(peer.counters.requests[.par] ?? 0 == 0)
        }
    }

    @Test func aHostilePDSGetsNothing() async throws {
        try await withRoost { (roost: RunningRoost, peer: ATProtoPeer, browser: HTTPClient) async throws in
            peer.addAccount("alice.test")
            let faults: [PeerFault.Action] = [
                .redirect(to: "http://127.0.0.1:1/"), .oversize(bytes: 2 << 20), .status(500, .before), .drop(.before),
            ]
            for fault in faults {
                peer.add(PeerFault(fault, at: .resourceMetadata))
                let code = try await status(roost, roost.origin + "/auth/login?handle=alice.test", browser).status
                #expect(code == 502, "\(fault)")
                peer.removeFaults()
            }
            peer.add(PeerFault(.drop(.before), at: .plc, times: nil))
            let code = try await status(roost, roost.origin + "/auth/login?handle=alice.test", browser).status
            #expect((500..<600).contains(code))
        }
    }
}
