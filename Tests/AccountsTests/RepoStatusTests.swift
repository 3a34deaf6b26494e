import ATProto
import Crypto
import Foundation
import Logging
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Accounts

/// What a PDS says of an account when somebody logs in as it: a clear no counts, nothing else does.
@LoopActor @Suite struct RepoStatusTests {
    private let clock = VirtualClock()
    private let directory = FakeDirectory()
    private let pds = FakePDS()
    private let alice: DID
    private let key = Curve25519.Signing.PrivateKey()
    private let server = P256.Signing.PrivateKey()
    private let authenticator: Authenticator
    private let status: RepoStatus

    init() throws {
        alice = try #require(DID("did:plc:aliceaaaaaaaaaaaaaaaaaaa"))
        let own = PublicKey.ed25519(key.publicKey.rawRepresentation).multibase
        let theirs = PublicKey.p256(server.publicKey.compressedRepresentation).multibase
        directory.documents[alice] = try .of(
            alice,
            ##","authentication":["#k"],"verificationMethod":[{"id":"#k","controller":"\##(alice)","publicKeyMultibase":"\##(own)"},"##
                + ##"{"id":"#atproto","controller":"\##(alice)","publicKeyMultibase":"\##(theirs)"}]"##)
        status = RepoStatus(fetcher: pds, clock: clock, capacity: 2)
        let origin = try #require(Origin("https://irc.example.com"))
        let service = try #require(ServiceIdentity(publicURL: origin, method: "chat.roost.authenticate"))
        authenticator = Authenticator(
            accounts: AccountStore(try RoostDatabase.inMemory()), hasher: PasswordHasher(cost: .test), resolver: directory,
            webTokens: WebTokens(clock: clock),
            services: ServiceLogin(service: service, resolver: directory, lookups: .ofLookups(clock), clock: clock),
            pds: PDSLogin(resolver: directory, fetcher: pds, clock: clock), status: status, throttle: LoginThrottle(clock: clock),
            clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private struct Header: Encodable {
        var alg = "ES256"
    }

    private struct Claims: Encodable {
        var iss: String
        var aud = "did:web:irc.example.com#roost_irc"
        var lxm = "chat.roost.authenticate"
        var exp: Int64
        var iat: Int64
        var jti = RandomToken.make(bytes: 16)
    }

    private func logIns() async throws -> [SASLFailure?] {
        let seconds = clock.wallMilliseconds / 1000
        let token = try ES256.sign(header: Header(), claims: Claims(iss: alice.text, exp: seconds + 60, iat: seconds), with: server)
        let signature = try key.signature(for: Data("challenge".utf8))
        var failures: [SASLFailure?] = []
        for credential in [
            Credential.serviceToken(token, authorization: nil),
            .signature(did: alice, signature: signature, challenge: Data("challenge".utf8)),
        ] {
            if case .failure(let failure) = await authenticator.authenticate(credential, from: "x") {
                failures.append(failure)
            } else {
                failures.append(nil)
            }
        }
        return failures
    }

    /// The identity is found to be over while a login with it is on its way.
    @Test func anIdentityThatEndsMeanwhileIsNotRenewed() async throws {
        let identity = try await authenticator.logIn(alice, handle: nil)
        #expect(try await authenticator.renewed(identity).did == alice)
        directory.failure = .temporary(reason: "down")
        #expect(try await authenticator.renewed(identity).did == alice)
        directory.failure = .tombstoned(alice.text)
        await #expect(throws: SASLFailure.gone("the account was deleted")) { try await authenticator.renewed(identity) }
        directory.failure = nil
        clock.advance(by: .seconds(300))
        pds.answer = .success(#"{"did":"\#(alice)","active":false,"status":"takendown"}"#)
        await #expect(throws: SASLFailure.gone("the account was taken down")) { try await authenticator.renewed(identity) }
    }

    @Test func whoWasTakenDownDoesNotLogIn() async throws {
        pds.answer = .success(#"{"did":"\#(alice)","active":false,"status":"takendown"}"#)
        #expect(try await logIns() == [.gone("the account was taken down"), .gone("the account was taken down")])
        // Asked once for both, and again later.
        #expect(pds.requests.count == 1)
        pds.answer = .success(#"{"did":"\#(alice)","active":true}"#)
        clock.advance(by: .seconds(300))
        #expect(try await logIns() == [nil, nil])
    }

    @Test func noLoginDependsOnThePDS() async throws {
        let answers: [(Int, Result<String, FetchError>)] = [
            (200, .failure(.timeout)), (200, .failure(.unreachable(reason: "down"))), (200, .failure(.tooLarge)), (200, .success("")),
            (503, .success(#"{"did":"\#(alice)","active":false,"status":"takendown"}"#)), (404, .success("{}")),
            (200, .success(#"{"did":"\#(alice)","active":false,"status":"deactivated"}"#)),
            (200, .success(#"{"did":"did:plc:bobbbbbbbbbbbbbbbbbbbbbb","active":false,"status":"takendown"}"#)),
        ]
        for (number, (status, answer)) in answers.enumerated() {
            (pds.status, pds.answer) = (status, answer)
            #expect(try await logIns() == [nil, nil], "\(answer)")
            // Nobody waits twice for who does not answer.
            #expect(pds.requests.count == number + 1)
            clock.advance(by: .seconds(300))
        }
        #expect(pds.requests.allSatisfy { $0.limits == .status })
    }

    @Test func aKeyAloneHasNoPDS() async throws {
        let did = try #require(DID("did:key:" + PublicKey.ed25519(key.publicKey.rawRepresentation).multibase))
        let document = try DIDDocument(json: Data(#"{"id":"\#(did)"}"#.utf8), expecting: did)
        #expect(await status.refusal(of: document, fresh: false) == nil)
        #expect(pds.requests.isEmpty)
    }

    @Test func whatIsRememberedIsBoundedAndOfOnePDS() async throws {
        pds.answer = .success("{}")
        let places = ["https://a.example.com", "https://b.example.com", "https://c.example.com"]
        for place in places { _ = await status.refusal(of: try .of(alice, at: place), fresh: false) }
        #expect(pds.requests.count == 3)
        _ = await status.refusal(of: try .of(alice, at: places[2]), fresh: false)
        #expect(pds.requests.count == 3)
        _ = await status.refusal(of: try .of(alice, at: places[0]), fresh: false)
        #expect(pds.requests.count == 4)
        _ = await status.refusal(of: try .of(alice, at: places[0]), fresh: true)
        #expect(pds.requests.count == 5)
    }
}
