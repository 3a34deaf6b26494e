import IRCProtocol
import MainLoop

/// Collects what a service tells an administrator.
@LoopActor
private final class AdministratorAnswer: ServiceAsker {
    var person: Client? { nil }
    private(set) var lines: [String] = []
    private var pending = 0
    private var finished: (([String]) -> Void)?
    private let world: World

    init(world: World) { self.world = world }

    func tell(_ service: Service, _ text: String) { lines.append(text) }

    func wait<Result: Sendable>(for work: @escaping @Sendable () async -> Result, then body: @escaping @LoopActor (Result) -> Void) {
        pending += 1
        world.jobsInFlight += 1
        Task { @LoopActor in
            let result = await work()
            world.jobsInFlight -= 1
            body(result)
            pending -= 1
            finishIfDone()
        }
    }

    func whenDone(_ body: @escaping ([String]) -> Void) {
        finished = body
        finishIfDone()
    }

    private func finishIfDone() {
        guard pending == 0 else { return }
        finished?(lines)
        finished = nil
    }
}

extension World {
    /// Carries out a command to a service with the powers of an operator: what the command line and REST use.
    ///
    /// - Parameters:
    ///   - service: its nickname; nil is answered when there is none.
    ///   - text: the command with its arguments, as one would write it to the service.
    /// - Returns: what the service answers, line by line.
    package func administer(_ service: String, _ text: String) async -> [String]? {
        guard let service = Service.named(service) else { return nil }
        let answer = AdministratorAnswer(world: self)
        run(text, at: service, for: answer)
        return await withCheckedContinuation { continuation in
            answer.whenDone { continuation.resume(returning: $0) }
        }
    }
}
