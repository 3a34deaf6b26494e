import ATProto
import Accounts
import IRCProtocol
import MainLoop

/// Who is here under which account: mostly one person each, several where an account does not share its nickname.
@LoopActor
struct AccountIndex {
    /// By folded account; never empty. Only registered people.
    private var people: [String: [Client]] = [:]
    /// The folded local account of somebody here, by the DID that is linked to it.
    private var linked: [String: String] = [:]

    /// Those logged in to `account`, or to the one that the DID `account` is linked to; whoever came first at the front.
    subscript(account: some StringProtocol) -> [Client] {
        people[CaseMapping.fold(account)] ?? linked[String(account)].flatMap { people[$0] } ?? []
    }

    mutating func add(_ client: Client, _ identity: Identity) {
        let key = CaseMapping.fold(identity.account)
        people[key, default: []].append(client)
        if let did = identity.did, identity.isLocal { linked[did.text] = key }
    }

    mutating func remove(_ client: Client, _ identity: Identity) {
        let key = CaseMapping.fold(identity.account)
        people[key]?.removeAll { $0 === client }
        if people[key]?.isEmpty == true { people[key] = nil }
        guard let did = identity.did, linked[did.text] == key, people[key]?.contains(where: { $0.identity?.did == did }) != true else {
            return
        }
        linked[did.text] = nil
    }

    /// How many accounts have somebody here.
    var count: Int { people.count }
}
