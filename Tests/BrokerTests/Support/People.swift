import ATProto
import Accounts
import MainLoop

@testable import Broker

/// The connected people of a test: remembers what it is told.
@LoopActor
final class People: ConnectedPeople {
    private(set) var ended: [Set<String>] = []
    private(set) var reasons: [String] = []
    private(set) var doubted: [DID] = []
    private(set) var loggedIn: [String] = []
    /// Why nobody is logged in.
    var refusal: String?
    /// The account to which everybody is linked.
    var linked: String?

    nonisolated init() {}

    func webLoginsEnded(_ ids: Set<String>, reason: String) {
        ended.append(ids)
        reasons.append(reason)
    }

    func identityDoubted(_ did: DID) { doubted.append(did) }

    func logInWaiting(_ link: String, as did: DID, handle: Handle?) async -> BrowserLogin {
        loggedIn.append("\(link) \(did) \(handle?.text ?? "-")")
        return refusal.map { .refused($0) } ?? linked.map { .linked(account: $0) } ?? .loggedIn
    }
}
