import ATProto
import Accounts
import Foundation
import MainLoop
import Server

@testable import Broker
@testable import Sidecar
@testable import Store

/// A broker that answers as it is told and remembers what it was asked.
@LoopActor
final class FakeBroker: BrokerServing {
    var login: Result<LoginStart, BrokerError> = .success(LoginStart(authorizationURL: "https://as.test/authorize?request_uri=x"))
    var outcome = LoginOutcome.redirect(status: 307, location: "https://app.test/#oauth=e30")
    var answer: Result<SessionAnswer, BrokerError> = .success(
        SessionAnswer(token: "t", nick: "alice", did: "did:plc:alice", handle: "alice.test"))
    private(set) var requests: [LoginRequest] = []
    private(set) var callbacks: [LoginCallback] = []
    private(set) var tokens: [String] = []
    /// While it is set, `session` waits for it.
    var gate: Gate?
    /// Set when `session` came to its end.
    let finished = Gate()

    func beginLogin(_ request: LoginRequest) async throws(BrokerError) -> LoginStart {
        requests.append(request)
        return try login.get()
    }

    /// What the browsers showed that made callbacks.
    private(set) var browsers: [String?] = []

    func finishLogin(_ callback: LoginCallback, browser: String?) async -> LoginOutcome {
        callbacks.append(callback)
        browsers.append(browser)
        return outcome
    }

    /// What the tokens own; an unknown one owns nothing.
    var own = OwnWebLogins(current: "s1", all: [])
    /// What was done with sessions, in order.
    private(set) var acts: [String] = []

    private func check(_ token: String) throws(BrokerError) {
        if case .failure(let error) = answer { throw error }
        tokens.append(token)
    }

    var person = DID("did:plc:abcdefghijklmnopqrstuvwx")!

    func person(brokerToken: String) async throws(BrokerError) -> DID {
        try check(brokerToken)
        return person
    }

    func webLogins(brokerToken: String) async throws(BrokerError) -> OwnWebLogins {
        try check(brokerToken)
        return own
    }

    func nameWebLogin(_ id: String, as name: String?, brokerToken: String) async throws(BrokerError) -> Bool {
        try check(brokerToken)
        acts.append("name \(id) \(name ?? "-")")
        return own.all.contains { $0.id == id }
    }

    func endWebLogin(_ id: String, brokerToken: String) async throws(BrokerError) -> Bool {
        try check(brokerToken)
        acts.append("end \(id)")
        return own.all.contains { $0.id == id }
    }

    func endWebLogins(exceptCurrent: Bool, brokerToken: String) async throws(BrokerError) -> Int {
        try check(brokerToken)
        acts.append(exceptCurrent ? "end others" : "end all")
        return own.all.count
    }

    func logOut(brokerToken: String) async throws(BrokerError) {
        try check(brokerToken)
        acts.append("log out")
    }

    func session(brokerToken: String) async throws(BrokerError) -> SessionAnswer {
        tokens.append(brokerToken)
        await gate?.wait()
        if !Task.isCancelled { finished.open() }
        return try answer.get()
    }

    var clientMetadata: Data { Data(#"{"client_id":"x"}"#.utf8) }
    var formerClientMetadata: Data { Data(#"{"client_id":"y"}"#.utf8) }
    var keys: Data? = Data(#"{"keys":[]}"#.utf8)

    func clientKeys() async throws -> Data? { keys }
}

/// An IRC side with one channel that has a pin, and one export.
@LoopActor
final class FakeServer: ServerServing {
    var export: (lines: Data, next: Int64?) = (Data("{}\n".utf8), nil)
    private(set) var asked: [Int64] = []
    /// The commands to services, with who gave them.
    private(set) var commands: [String] = []

    /// Which messages programs asked for.
    var places: [MessagePlace] = []
    /// What programs did themselves.
    var acts: [String] = []

    /// The token of a connection.
    var bearer: String? = "live"

    func state(ofBearer token: String) -> BearerState { token == bearer ? .live : token == "late" ? .ended : .unknown }

    func command(
        _ service: String, _ text: String, by caller: Caller, isSure: Bool
    ) async throws(AdministrationError) -> ServiceAnswer {
        guard service != "nobody" else { throw .noSuchService(service) }
        guard !text.contains("\n") else { throw .notOneLine }
        if text == "FAST" { throw .tooFast(wait: .milliseconds(1500)) }
        if text == "GONE" { throw .notLoggedIn }
        switch caller {
        case .administrator(let name): commands.append("\(text) by \(name)")
        case .person(let bearer): commands.append("\(text) by person \(bearer)")
        }
        return ServiceAnswer(lines: ["done"], isRefusal: text == "REFUSE")
    }

    /// What waits behind the link `good`.
    var waiting = WaitingConnection.waiting(
        .init(network: "TestNet", nick: "<ann>", user: "~a&b", address: "192.0.x.x", account: "alice.test", seconds: 75))

    func waitingConnection(_ link: String) -> WaitingConnection {
        link == "good" ? waiting : .over("This link is unknown")
    }

    /// The device passwords of everybody.
    var devices: [DevicePasswordRecord] = []
    /// What comes of making another one.
    var deviceOutcome = DevicePasswords.Outcome.made(DevicePassword("aaaabbbbccccddddeeeeffffgggg")!)
    private(set) var orders: [DevicePasswordOrder] = []
    private(set) var owners: [AccountOwner] = []
    /// Why nobody owns anything.
    var ownerRefusal: AccountOwner.Refusal?
    /// What everybody owns.
    var account = OwnAccount(name: "ann", did: "did:plc:alice", handle: "alice.test", isLinked: true)
    /// What comes of taking the identity off.
    var unlinking = AccountStore.Unlinking.unlinked("did:plc:alice")
    private(set) var unlinkers: [AccountOwner] = []

    private func note(_ owner: AccountOwner) throws {
        if let ownerRefusal { throw ownerRefusal }
        owners.append(owner)
    }

    func ownAccount(of owner: AccountOwner) async throws -> OwnAccount {
        if let ownerRefusal { throw ownerRefusal }
        return account
    }

    func unlinkIdentity(of owner: AccountOwner) async throws -> AccountStore.Unlinking {
        if let ownerRefusal { throw ownerRefusal }
        unlinkers.append(owner)
        return unlinking
    }

    func devicePasswords(of owner: AccountOwner) async throws -> [DevicePasswordRecord] {
        try note(owner)
        return devices
    }

    func makeDevicePassword(
        _ order: DevicePasswordOrder, for owner: AccountOwner
    ) async throws -> (account: String, outcome: DevicePasswords.Outcome) {
        try note(owner)
        orders.append(order)
        if case .identity(let did) = owner { return (did.text, deviceOutcome) }
        return (account.name, deviceOutcome)
    }

    func revokeDevicePassword(_ name: String, of owner: AccountOwner) async throws -> Bool {
        try note(owner)
        let count = devices.count
        devices.removeAll { $0.name == name }
        return devices.count < count
    }

    /// `#c` is open, `#closed` is for the person of the bearer.
    func pins(of name: String, for caller: Caller?) async throws -> (channel: String, pins: [PublicPin])? {
        if name == "closed", case .person? = caller { return ("#closed", []) }
        return name == "#c" || name == "c" ? ("#c", []) : nil
    }

    func export(token: String, after sequence: Int64) async throws -> (lines: Data, next: Int64?)? {
        asked.append(sequence)
        return token == "good" ? export : nil
    }
}

/// Lets those who wait through once it is open.
@LoopActor
final class Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    nonisolated init() {}

    func open() {
        isOpen = true
        let waiters = self.waiters
        self.waiters = []
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiters.append($0) }
    }
}
