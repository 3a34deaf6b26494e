/// The accounts, found by DID, by handle and by host name.
struct PeerAccounts {
    private(set) var all: [String: PeerAccount] = [:]
    private var handles: [String: String] = [:]

    subscript(did: String) -> PeerAccount? { all[did] }

    mutating func insert(_ account: PeerAccount) {
        all[account.did] = account
        handles[account.handle] = account.did
    }

    mutating func change(_ did: String, _ body: (inout PeerAccount) -> Void) {
        guard var account = all[did] else { return }
        if handles[account.handle] == did { handles[account.handle] = nil }
        body(&account)
        insert(account)
    }

    /// The account of a handle in any case, or of a DID; as a login hint names it.
    func named(_ name: String) -> PeerAccount? {
        all[name] ?? handles[name.lowercased()].flatMap { all[$0] }
    }

    /// The account whose `did:web` lives on the host of this `Host` header.
    func webAccount(host: String) -> PeerAccount? {
        all["did:web:" + host.replacing(":", with: "%3A")]
    }
}
