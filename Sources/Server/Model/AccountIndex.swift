import IRCProtocol
import MainLoop

/// Who is here under which account: mostly one person each, several where an account does not share its nickname.
@LoopActor
struct AccountIndex {
    /// By folded account; never empty. Only registered people.
    private var people: [String: [Client]] = [:]

    /// Those logged in as `account`, whoever came first at the front.
    subscript(account: some StringProtocol) -> [Client] { people[CaseMapping.fold(account)] ?? [] }

    mutating func add(_ client: Client, _ account: String) {
        people[CaseMapping.fold(account), default: []].append(client)
    }

    mutating func remove(_ client: Client, _ account: String) {
        let key = CaseMapping.fold(account)
        people[key]?.removeAll { $0 === client }
        if people[key]?.isEmpty == true { people[key] = nil }
    }

    /// How many accounts have somebody here.
    var count: Int { people.count }
}
