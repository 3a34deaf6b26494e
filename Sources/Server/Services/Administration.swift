import IRCProtocol
import MainLoop

/// Collects what a service tells a ``Caller``.
@LoopActor
private final class CallerAnswer: ServiceAsker {
    let name: String
    let ownSession: Session?
    let isSure: Bool
    private let bearer: String?
    private var answer = ServiceAnswer(lines: [])
    /// Whether the login of the person was over before what it asked for was done: then nobody is told what came of it.
    private(set) var isGone = false
    private var pending = 0
    private var finished: ((ServiceAnswer) -> Void)?
    private let world: World

    init(world: World, administrator: String, isSure: Bool) {
        (self.world, name, ownSession, bearer) = (world, administrator, nil, nil)
        self.isSure = isSure
    }

    init(world: World, session: Session, bearer: String) {
        (self.world, name, ownSession, self.bearer) = (world, session.client.source, session, bearer)
        isSure = false
    }

    var person: Client? { ownSession?.client }

    func tell(_ service: Service, _ text: String) { answer.lines.append(text) }

    func refused() { answer.isRefusal = true }

    func wait<Result: Sendable>(
        for work: @escaping @Sendable () async -> Result, effect: @escaping @LoopActor (Result) -> Void,
        then body: @escaping @LoopActor (Result) -> Void
    ) {
        pending += 1
        world.job(work) { [self] result in
            // Before the effect: that may be the end of the login, and is to be answered.
            isGone = isGone || bearer.map { world.session(bearer: $0) == nil } == true
            effect(result)
            if !isGone { body(result) }
            pending -= 1
            finishIfDone()
        }
    }

    func whenDone(_ body: @escaping (ServiceAnswer) -> Void) {
        finished = body
        finishIfDone()
    }

    private func finishIfDone() {
        guard pending == 0 else { return }
        finished?(answer)
        finished = nil
    }
}

/// Why a command of a ``Caller`` was not given to a service.
package enum AdministrationError: Error, Equatable, CustomStringConvertible {
    case noSuchService(String)
    case notOneLine
    /// The token of the caller counts no more.
    case notLoggedIn
    /// The person gives commands faster than a connection may; there and here count together.
    case tooFast(wait: Duration)

    package var description: String {
        switch self {
        case .noSuchService(let name):
            "there is no service or command \(name.asParameter); there are the services \(Service.all.map(\.nick).joined(separator: ", ")), "
                + "and the commands of OperServ"
        case .notOneLine: "a command is one line of at most \(World.commandLimit) bytes without control characters"
        case .notLoggedIn: "the connection of this token is gone or logged out"
        case .tooFast: "commands come too fast"
        }
    }
}

extension Service {
    /// The service of this nickname or short form (`ns`), in any case.
    fileprivate static func named(orShort name: String) -> Service? {
        named(name) ?? all.first { $0.shortVerb.text == name.uppercased() }
    }
}

extension World {
    /// Bytes of a command of a ``Caller``.
    nonisolated static let commandLimit = 4096
    /// What such a command costs a person, as `PRIVMSG NickServ` does.
    nonisolated static let commandCost = 2

    /// As ``command(_:_:by:)``, for the command line: what is no service is a command of OperServ, `help` tells of all services, and a
    /// service alone means its HELP.
    package func administer(_ word: String, _ text: String, by caller: Caller) async throws(AdministrationError) -> ServiceAnswer {
        if Service.named(orShort: word) != nil { return try await command(word, text.isEmpty ? "HELP" : text, by: caller) }
        if word.lowercased() == "help", text.isEmpty {
            var answer = try await command(operServ.nick, "HELP", by: caller)
            answer.lines += Service.all.filter { $0.nick != operServ.nick }.map { "\($0.nick): \($0.purpose)" }
            return answer
        }
        if word.lowercased() != "help", operServ[word] == nil { throw .noSuchService(word) }
        return try await command(operServ.nick, text.isEmpty ? word : "\(word) \(text)", by: caller)
    }

    /// Carries out a command to a service, as the caller may: what the command line and HTTP use.
    ///
    /// - Parameters:
    ///   - service: its nickname or short form (`ns`), in any case.
    ///   - text: the command with its arguments, as one would write it to the service.
    ///   - caller: who asks; codes that confirm something are for the one who got them.
    ///   - isSure: whether an administrator means what cannot be undone, so that no code is asked for.
    package func command(
        _ service: String, _ text: String, by caller: Caller, isSure: Bool = false
    ) async throws(AdministrationError) -> ServiceAnswer {
        guard let service = Service.named(orShort: service) else { throw .noSuchService(service) }
        guard text.utf8.count <= Self.commandLimit, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw .notOneLine }
        let answer: CallerAnswer
        switch caller {
        case .administrator(let name): answer = CallerAnswer(world: self, administrator: name, isSure: isSure)
        case .person(let bearer):
            guard let session = session(bearer: bearer) else { throw .notLoggedIn }
            guard session.flood.mayRun(at: clock.uptime) else { throw .tooFast(wait: session.flood.delay()) }
            session.flood.pay(Self.commandCost)
            answer = CallerAnswer(world: self, session: session, bearer: bearer)
        }
        run(text, at: service, for: answer)
        let said = await withCheckedContinuation { continuation in
            answer.whenDone { continuation.resume(returning: $0) }
        }
        guard !answer.isGone else { throw .notLoggedIn }
        return said
    }
}
