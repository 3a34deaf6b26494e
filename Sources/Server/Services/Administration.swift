import IRCProtocol
import MainLoop

/// Collects what a service tells an administrator.
@LoopActor
private final class AdministratorAnswer: ServiceAsker {
    var person: Client? { nil }
    let name: String
    private(set) var lines: [String] = []
    private var pending = 0
    private var finished: (([String]) -> Void)?
    private let world: World

    init(world: World, name: String) { (self.world, self.name) = (world, name) }

    func tell(_ service: Service, _ text: String) { lines.append(text) }

    func wait<Result: Sendable>(
        for work: @escaping @Sendable () async -> Result, effect: @escaping @LoopActor (Result) -> Void,
        then body: @escaping @LoopActor (Result) -> Void
    ) {
        pending += 1
        world.job(work) { [self] result in
            effect(result)
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

/// Why a command of an administrator was not carried out.
package enum AdministrationError: Error, Equatable, CustomStringConvertible {
    case noSuchService(String)
    case notOneLine

    package var description: String {
        switch self {
        case .noSuchService(let name):
            "there is no service \(name.asParameter); there are \(Service.all.map(\.nick).joined(separator: ", "))"
        case .notOneLine: "a command is one line of at most \(World.commandLimit) bytes without control characters"
        }
    }
}

extension World {
    /// Bytes of a command of an administrator.
    nonisolated static let commandLimit = 4096

    /// Carries out a command to a service with the powers of an operator: what the command line and REST use.
    ///
    /// - Parameters:
    ///   - service: its nickname or short form (`ns`), in any case.
    ///   - text: the command with its arguments, as one would write it to the service.
    ///   - administrator: who asks, for the log; codes that confirm something are for the one who got them.
    /// - Returns: what the service answers, line by line.
    package func administer(_ service: String, _ text: String, by administrator: String) async throws(AdministrationError) -> [String] {
        guard let service = Service.named(service) ?? Service.all.first(where: { $0.shortVerb.text == service.uppercased() }) else {
            throw .noSuchService(service)
        }
        guard text.utf8.count <= Self.commandLimit, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw .notOneLine }
        let answer = AdministratorAnswer(world: self, name: administrator)
        run(text, at: service, for: answer)
        return await withCheckedContinuation { continuation in
            answer.whenDone { continuation.resume(returning: $0) }
        }
    }
}
