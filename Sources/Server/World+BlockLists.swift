import ATProto
import IRCProtocol
import Logging
import MainLoop

/// Questions to block lists that wait for their answers.
struct BlockListQuestions {
    /// Addresses that are asked about at once; nobody waits for more, and they are let in.
    static let limit = 512
    /// How long the answers may take.
    static let patience: Duration = .seconds(4)

    fileprivate(set) var waiting: [String: (sessions: [Session], timer: any LoopTimer)] = [:]
    fileprivate var memory = BlockListMemory()

    init() {}
}

/// What block lists in DNS know of addresses. Whatever cannot be found out is as good as not listed.
extension World {
    /// Asks the lists about the address of `session`, which is not registered before they have answered.
    func askBlockLists(about session: Session) {
        let (address, lists) = (session.peer.address, configuration.blockLists)
        session.listedIn = nil
        guard !lists.isEmpty, let lookup = services.blockListLookup, Permissions.askBlockLists(about: address, in: self) else { return }
        if let known = blockListQuestions.memory.recall(address, at: clock.uptime) {
            session.listedIn = known
            return
        }
        if blockListQuestions.waiting[address] == nil {
            guard blockListQuestions.waiting.count < BlockListQuestions.limit else {
                return logger.warning("dnsbl.too_many", metadata: ["address": "\(address)"])
            }
            let timer = clock.schedule(after: BlockListQuestions.patience) { [weak self] in
                self?.logger.info("dnsbl.no_answer", metadata: ["address": "\(address)"])
                self?.finish(address, nil)
            }
            blockListQuestions.waiting[address] = ([], timer)
            Task { @LoopActor in finish(address, .some(await Self.strictest(lists, about: address, lookup))) }
        }
        session.awaitsBlockLists = true
        blockListQuestions.waiting[address]?.sessions.append(session)
    }

    /// Forgets what lists said that are perhaps not asked any more.
    func forgetBlockLists() {
        blockListQuestions.memory.forgetAll()
    }

    /// - Parameter found: the list that the address is on, or none; nil: nobody knows, and nothing is remembered.
    private func finish(_ address: String, _ found: (list: BlockList?, isCertain: Bool)?) {
        guard let (sessions, timer) = blockListQuestions.waiting.removeValue(forKey: address) else { return }
        timer.cancel()
        let list = found?.list
        if let found, found.isCertain || list != nil { blockListQuestions.memory.note(address, list, at: clock.uptime) }
        if let list { announce(.listed, "\(address) is listed in \(list.zone)", ["address": address, "zone": list.zone]) }
        for session in sessions where session.phase == .registering {
            session.awaitsBlockLists = false
            session.listedIn = list
            completeRegistration(of: session)
        }
    }

    /// The list with the strictest action that has `address`, and whether all lists have answered.
    private nonisolated static func strictest(
        _ lists: [BlockList], about address: String, _ lookup: any IPv4Lookup
    ) async -> (list: BlockList?, isCertain: Bool) {
        await withTaskGroup(of: (list: BlockList?, isCertain: Bool).self) { group in
            for list in lists {
                group.addTask {
                    guard let name = list.question(about: address) else { return (nil, true) }
                    do {
                        return (list.lists(try await lookup.ipv4Addresses(of: name)) ? list : nil, true)
                    } catch {
                        return (nil, false)
                    }
                }
            }
            var strictest: (list: BlockList?, isCertain: Bool) = (nil, true)
            for await answer in group {
                strictest.isCertain = strictest.isCertain && answer.isCertain
                guard let list = answer.list, strictest.list.map({ $0.action < list.action }) ?? true else { continue }
                strictest.list = list
            }
            return strictest
        }
    }
}

extension BlockList {
    /// What tells somebody why it is not let in.
    func explanation(for target: String, from server: String) -> Line {
        guard action != .requireLogin else {
            return Line(fail: .accountRequired, of: "*", [], text: "Your address is listed in \(zone): log in with SASL", from: server)
        }
        return Line(
            server, Numeric.bannedFromServer.digits, [target], text: "You are banned from this server: your address is listed in \(zone)")
    }

    /// What others read when it ends somebody's connection.
    var farewell: String { action == .requireLogin ? "Login required: listed in \(zone)" : "Banned: listed in \(zone)" }
}
