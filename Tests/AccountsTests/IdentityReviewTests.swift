import ATProto
import Accounts
import Foundation
import MainLoop
import RoostTesting
import Testing

/// What a look at an identity comes to, by what the directory, the PDS and the handle say.
@LoopActor @Suite struct IdentityReviewTests {
    private final class Resolver: IdentityResolving {
        @LoopActor var document: Result<DIDDocument, IdentityError> = .failure(.notFound(""))
        @LoopActor var handle: Result<DID, IdentityError> = .failure(.notFound(""))
        @LoopActor var wasFresh = false

        @LoopActor init() {}

        func resolve(handle: Handle) async throws(IdentityError) -> DID { try await self.handle.get() }

        func resolve(did: DID, fresh: Bool) async throws(IdentityError) -> DIDDocument {
            await note(fresh)
            return try await document.get()
        }

        @LoopActor private func note(_ fresh: Bool) { wasFresh = fresh }

        func verifiedHandle(of did: DID) async -> Handle? { nil }
    }

    private let resolver = Resolver()
    private let pds = FakePDS(.success(#"{"did":"did:plc:aliceaaaaaaaaaaaaaaaaaaa","active":true}"#))
    private let alice: DID

    init() throws {
        alice = try #require(DID("did:plc:aliceaaaaaaaaaaaaaaaaaaa"))
        resolver.document = .success(try .of(alice, #","alsoKnownAs":["at://alice.example.com"]"#))
        resolver.handle = .success(alice)
    }

    private func verdict() async -> IdentityVerdict {
        await IdentityReview(resolver: resolver, status: RepoStatus(fetcher: pds, clock: VirtualClock())).verdict(on: alice)
    }

    @Test func whoStandsStands() async throws {
        #expect(await verdict() == .stands(Handle("alice.example.com")))
        #expect(resolver.wasFresh)
        #expect(pds.urls == ["https://pds.example.com/xrpc/com.atproto.sync.getRepoStatus?did=did%3Aplc%3Aaliceaaaaaaaaaaaaaaaaaaa"])
        resolver.handle = .failure(.notFound("alice.example.com"))
        #expect(await verdict() == .stands(nil))
        resolver.handle = .success(try #require(DID("did:plc:bobbbbbbbbbbbbbbbbbbbbbb")))
        #expect(await verdict() == .stands(nil))
        resolver.document = .success(try DIDDocument(json: Data(#"{"id":"\#(alice)"}"#.utf8), expecting: alice))
        #expect(await verdict() == .stands(nil))
    }

    @Test func aTombstoneIsTheEnd() async {
        resolver.document = .failure(.tombstoned(alice.text))
        #expect(await verdict() == .gone("the account was deleted"))
        #expect(pds.urls.isEmpty)
    }

    @Test(arguments: [
        ("takendown", "the account was taken down"), ("suspended", "the account is suspended at its PDS"),
        ("deleted", "the account was deleted"),
    ])
    func soIsATakedown(_ status: String, _ reason: String) async {
        pds.answer = .success(#"{"did":"\#(alice)","active":false,"status":"\#(status)"}"#)
        #expect(await verdict() == .gone(reason))
    }

    @Test func nothingElseIs() async {
        for failure in [IdentityError.temporary(reason: "down"), .notFound("x"), .invalidDocument(reason: "x"), .refused(reason: "x")] {
            let good = resolver.document
            resolver.document = .failure(failure)
            #expect(await verdict() == .unknown)
            resolver.document = good
        }
        resolver.handle = .failure(.temporary(reason: "down"))
        #expect(await verdict() == .unknown)
        resolver.handle = .success(alice)
        let stands = IdentityVerdict.stands(Handle("alice.example.com"))
        for answer in [
            #"{"did":"\#(alice)","active":false,"status":"deactivated"}"#, #"{"did":"\#(alice)","active":true,"status":"takendown"}"#,
            #"{"did":"did:plc:bobbbbbbbbbbbbbbbbbbbbbb","active":false,"status":"takendown"}"#, "[]", "",
        ] {
            pds.answer = .success(answer)
            #expect(await verdict() == stands, "\(answer)")
        }
        pds.answer = .success(#"{"did":"\#(alice)","active":false,"status":"takendown"}"#)
        pds.status = 503
        #expect(await verdict() == stands)
        pds.answer = .failure(.unreachable(reason: "down"))
        #expect(await verdict() == stands)
    }
}
