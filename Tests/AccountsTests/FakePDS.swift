import ATProto
import Accounts
import Foundation
import MainLoop

/// The PDS of somebody, which says what a test wants.
final class FakePDS: Fetching {
    @LoopActor var answer: Result<String, FetchError>
    @LoopActor var status = 200
    @LoopActor var headers: [(String, String)] = []
    @LoopActor private(set) var requests: [FetchRequest] = []

    @LoopActor init(_ answer: Result<String, FetchError> = .failure(.unreachable(reason: "a test"))) {
        self.answer = answer
    }

    @LoopActor var urls: [String] { requests.map(\.url) }

    @LoopActor func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        requests.append(request)
        return FetchResponse(status: status, headers: FetchHeaders(headers), body: Data(try answer.get().utf8), finalURL: request.url)
    }
}

extension DIDDocument {
    /// The document of somebody whose account is at `pds`.
    ///
    /// - Parameter members: what else is in it, as JSON with a comma before it.
    static func of(_ did: DID, at pds: String = "https://pds.example.com", _ members: String = "") throws -> DIDDocument {
        let service = ##"{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"\##(pds)"}"##
        return try DIDDocument(json: Data(#"{"id":"\#(did)","service":[\#(service)]\#(members)}"#.utf8), expecting: did)
    }
}

/// A directory with the documents that a test puts there; no handle leads anywhere.
final class FakeDirectory: IdentityResolving {
    @LoopActor var documents: [DID: DIDDocument] = [:]
    @LoopActor var failure: IdentityError?

    @LoopActor init() {}

    func resolve(handle: Handle) async throws(IdentityError) -> DID { throw .notFound(handle.text) }

    @LoopActor func resolve(did: DID, fresh: Bool) async throws(IdentityError) -> DIDDocument {
        if let failure { throw failure }
        guard let document = documents[did] else { throw .notFound(did.text) }
        return document
    }

    func verifiedHandle(of did: DID) async -> Handle? { nil }
}
