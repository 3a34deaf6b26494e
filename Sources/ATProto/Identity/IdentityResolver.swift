import Foundation
package import MainLoop

/// Resolves handles and DIDs over the network, through the one fetcher and the one DNS client.
package final class IdentityResolver: IdentityResolving {
    /// Names remembered of each kind.
    package static let cacheCapacity = 10_000

    private let policy: NetworkPolicy
    private let fetcher: any Fetching
    private let dns: any TextLookup
    private let handles: IdentityCache<Handle, DID>
    private let documents: IdentityCache<DID, DIDDocument>

    package init(
        policy: NetworkPolicy, fetcher: any Fetching, dns: any TextLookup, clock: any LoopClock,
        cacheCapacity: Int = IdentityResolver.cacheCapacity
    ) {
        (self.policy, self.fetcher, self.dns) = (policy, PatientFetcher(fetcher, clock: clock), dns)
        handles = IdentityCache(clock: clock, capacity: cacheCapacity)
        documents = IdentityCache(clock: clock, capacity: cacheCapacity)
    }

    package func resolve(handle: Handle) async throws(IdentityError) -> DID {
        guard handle.isResolvable(allowingTest: policy.allowLoopback) else { throw .refused(reason: "\(handle) is in a reserved domain") }
        return try await handles.value(handle, fresh: false) { () async throws(IdentityError) in try await self.lookUp(handle) }
    }

    package func resolve(did: DID, fresh: Bool) async throws(IdentityError) -> DIDDocument {
        guard let url = try documentURL(of: did) else {
            guard let key = try? PublicKey(didKey: did.text) else { throw .badSyntax(did.text) }
            return DIDDocument(key: key, of: did)
        }
        return try await documents.value(did, fresh: fresh) { () async throws(IdentityError) in try await self.lookUp(did, at: url) }
    }

    package func verifiedHandle(of did: DID) async -> Handle? {
        guard let handle = try? await resolve(did: did, fresh: false).claimedHandle, let back = try? await resolve(handle: handle) else {
            return nil
        }
        return back == did ? handle : nil
    }

    // MARK: Handles

    /// DNS first; where it has no clear answer, HTTPS.
    private func lookUp(_ handle: Handle) async throws(IdentityError) -> DID {
        var failure: IdentityError?
        if handle.text.utf8.count <= 244 {
            do {
                let records = try await dns.texts(of: "_atproto." + handle.text)
                let names = Set(records.filter { $0.hasPrefix("did=") }.compactMap { DID(String($0.dropFirst(4))) })
                if names.count == 1, let did = names.first, did.method != .key { return did }
            } catch {
                failure = .temporary(reason: "DNS: \(error)")
            }
        }
        do {
            return try await lookUpByHTTPS(handle)
        } catch {
            // Without an answer of DNS nobody can say that the handle does not exist.
            throw failure ?? error
        }
    }

    private func lookUpByHTTPS(_ handle: Handle) async throws(IdentityError) -> DID {
        let scheme = policy.allowLoopback && handle.text.hasSuffix(".test") ? "http" : "https"
        let answer = try await get("\(scheme)://\(handle)/.well-known/atproto-did", limits: .handle)
        switch answer.status {
        case 200..<300: break
        // A host that is down says nothing about whose name it is.
        case 429, 500...: throw .temporary(reason: "the host of the handle answered \(answer.status)")
        default: throw .notFound(handle.text)
        }
        let line = String(decoding: answer.body, as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
        guard let did = DID(line.trimmingCharacters(in: .whitespaces)), did.method != .key else { throw .notFound(handle.text) }
        return did
    }

    // MARK: DIDs

    private func lookUp(_ did: DID, at url: String) async throws(IdentityError) -> DIDDocument {
        let answer = try await get(url, limits: .document)
        switch answer.status {
        case 200:
            // A page that happens to hold JSON is no document.
            let type = (answer.headers["Content-Type"] ?? "application/json").lowercased()
            guard type.hasPrefix("application/"), type.contains("json") else { throw .invalidDocument(reason: "it is \(type.prefix(60))") }
            return try DIDDocument(json: answer.body, expecting: did)
        case 404: throw .notFound(did.text)
        case 410: throw .tombstoned(did.text)
        default: throw .temporary(reason: "the directory answered \(answer.status)")
        }
    }

    /// Nil where there is none: a key is its own document.
    private func documentURL(of did: DID) throws(IdentityError) -> String? {
        switch did.method {
        case .plc:
            return policy.plcDirectory.text + "/" + did.text.replacingOccurrences(of: ":", with: "%3A")
        case .web:
            let host = did.specific.replacingOccurrences(of: "%3A", with: ":")
            let isLocal = host.hasPrefix("localhost") || host.hasSuffix(".test")
            guard !isLocal || policy.allowLoopback else { throw .refused(reason: "\(host) is this machine") }
            return "\(isLocal ? "http" : "https")://\(host)/.well-known/did.json"
        case .key:
            return nil
        }
    }

    private func get(_ url: String, limits: FetchLimits) async throws(IdentityError) -> FetchResponse {
        do {
            return try await fetcher.fetch(
                FetchRequest(
                    method: "GET", url: url, headers: [("Accept", "application/did+ld+json, application/json, text/plain")], limits: limits)
            )
        } catch {
            switch error {
            case .refused(let reason): throw .refused(reason: reason)
            // The name servers answered: there is nothing by that name.
            case .dns: throw .notFound(URL(string: url)?.host ?? url)
            case .askedToWait(let wait): throw .temporary(reason: "\(error)", retryAfter: wait)
            default: throw .temporary(reason: "\(error)")
            }
        }
    }
}
