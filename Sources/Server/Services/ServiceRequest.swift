import Accounts
import Crypto
import Foundation
import IRCProtocol
import Logging
import MainLoop

/// Who gives a command to a service: a connection, or an administrator from outside.
@LoopActor
protocol ServiceAsker {
    /// The person; nil for an administrator.
    var person: Client? { get }
    /// For the log.
    var name: String { get }
    func tell(_ service: Service, _ text: String)
    /// See ``CommandContext/wait(for:effect:then:)``.
    func wait<Result: Sendable>(
        for work: @escaping @Sendable () async -> Result, effect: @escaping @LoopActor (Result) -> Void,
        then body: @escaping @LoopActor (Result) -> Void)
}

extension ServiceAsker {
    /// As above, for work that changes nothing, or nothing that the world knows of.
    func wait<Result: Sendable>(for work: @escaping @Sendable () async -> Result, then body: @escaping @LoopActor (Result) -> Void) {
        wait(for: work, effect: { _ in }, then: body)
    }

    /// What it writes before a command to `service`.
    func call(_ service: Service) -> String { person == nil ? service.nick : "/msg \(service.nick)" }
}

/// One command to a service.
@LoopActor
struct ServiceRequest {
    let world: World
    let service: Service
    let command: ServiceCommand
    /// What follows the name of the command.
    let arguments: [String]
    let asker: any ServiceAsker

    var client: Client? { asker.person }
    /// The account of who asks.
    var account: String? { client?.identity?.account }
    /// Whether it may do what operators of the server may.
    var isOperator: Bool { client?.isOperator ?? true }

    subscript(index: Int) -> String? { index < arguments.count ? arguments[index] : nil }

    /// The words from `index` on.
    func text(from index: Int) -> String { arguments.dropFirst(index).joined(separator: " ") }

    func say(_ text: String) { asker.tell(service, text) }

    /// Tells how the command is used.
    func sayUsage() {
        say("Syntax: \(command.name) \(command.parameters)")
        say("\(asker.call(service)) HELP \(command.name) explains it")
    }

    /// See ``CommandContext/wait(for:effect:then:)``.
    func wait<Result: Sendable>(
        for work: @escaping @Sendable () async -> Result, effect: @escaping @LoopActor (Result) -> Void = { _ in },
        then body: @escaping @LoopActor (Result) -> Void
    ) {
        asker.wait(for: work, effect: effect, then: body)
    }

    /// Notes in the log what was done with the powers of an operator.
    func audit(_ event: Logger.Message, _ details: Logger.Metadata) {
        if let client { return world.audit(event, by: client, details) }
        var metadata = details
        metadata["by"] = "\(asker.name)"
        world.logger.notice(event, metadata: metadata)
    }

    /// Runs `body` when the last argument is the code that this very action asks for; tells the code otherwise. It belongs to
    /// the asker and to what is done, so that nobody pastes it by accident.
    ///
    /// - Parameters:
    ///   - action: what cannot be undone, exactly; a new object of the same name has another text.
    ///   - index: where the code stands.
    func confirm(_ action: String, at index: Int, warning: String, _ body: () -> Void) {
        let code = world.confirmationCode(for: "\(command.name) \(action) \(account ?? asker.name)")
        if self[index] == code { return body() }
        say(warning)
        say("To go on: \(asker.call(service)) \(command.name) \(arguments.prefix(index).joined(separator: " ")) \(code)")
    }
}

extension World {
    /// Eight letters that only this server can make for `action`.
    func confirmationCode(for action: String) -> String {
        let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
        let mac = HMAC<SHA256>.authenticationCode(for: Data("confirm \(action)".utf8), using: cloak.key)
        return String(mac.prefix(8).map { letters[Int($0) % letters.count] })
    }
}
