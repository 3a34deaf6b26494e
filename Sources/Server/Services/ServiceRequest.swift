import ATProto
import Accounts
import Crypto
import Foundation
import IRCProtocol
import Logging
import MainLoop
import Store

/// Who gives a command to a service: a connection, or a ``Caller`` from outside.
@LoopActor
protocol ServiceAsker {
    /// The person; nil for an administrator.
    var person: Client? { get }
    /// The connection that it speaks over, or that its token belongs to; nil for an administrator.
    var ownSession: Session? { get }
    /// For the log.
    var name: String { get }
    /// Whether it means what cannot be undone, without a code.
    var isSure: Bool { get }
    func tell(_ service: Service, _ text: String)
    /// What it asked for is not done; why not is told besides.
    func refused()
    /// See ``CommandContext/wait(for:effect:then:)``.
    func wait<Result: Sendable>(
        for work: @escaping @Sendable () async -> Result, effect: @escaping @LoopActor (Result) -> Void,
        then body: @escaping @LoopActor (Result) -> Void)
}

extension ServiceAsker {
    var isSure: Bool { false }

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
    /// The account in whose place an operator asks (``actFor``); nil: it asks for itself.
    var subject: AccountRecord?

    /// The person who asks for itself; nil for administrators and in the place of others.
    var client: Client? { subject == nil ? asker.person : nil }
    /// The connection of that person.
    var session: Session? { subject == nil ? asker.ownSession : nil }
    /// The account that the command is about, when it names no other one.
    var account: String? { subject?.name ?? asker.person?.identity?.account }
    /// The identity of that account.
    var did: DID? { subject.map { $0.did.flatMap { DID($0) } } ?? asker.person?.identity?.did }
    /// The settings of that account.
    var settings: AccountSettings? { subject?.settings ?? asker.person?.identity?.settings }
    /// Whether it may do what operators with `privilege` may.
    func may(_ privilege: OperatorPrivilege) -> Bool { Permissions.exercise(privilege, by: asker.person) }
    /// Whether it comes from outside of the chat, in nobody's place.
    var isAdministrator: Bool { subject == nil && asker.person == nil }
    /// Whether it does for others what these could do for themselves.
    var isAboutOthers: Bool { client == nil || command.need.privilege != nil }

    subscript(index: Int) -> String? { index < arguments.count ? arguments[index] : nil }

    /// The word that says what to do with a list, in capitals: `ADD`, `DEL` and what else the command knows. `REMOVE` and `REVOKE` are
    /// `DEL` everywhere.
    func action(at index: Int = 0) -> String? {
        let word = self[index]?.uppercased()
        return word == "REMOVE" || word == "REVOKE" ? "DEL" : word
    }

    /// The words from `index` on.
    func text(from index: Int) -> String { arguments.dropFirst(index).joined(separator: " ") }

    func say(_ text: String) { asker.tell(service, text) }

    /// Says why what was asked is not done.
    func refuse(_ text: String) {
        asker.refused()
        say(text)
    }

    /// Something that the server works with does not answer.
    func refuseForNow() { refuse("This could not be done, try again in a moment") }

    /// The account that the command is about; answers and gives nil when there is none.
    var ownAccount: String? {
        if let account { return account }
        refuse("Whose? \(asker.call(service)) \((["FOR", "<account>", command.name] + arguments).joined(separator: " "))")
        return nil
    }

    /// Tells how the command is used.
    func sayUsage() {
        asker.refused()
        say("Syntax: \(command.usage)")
        say("\(asker.call(service)) HELP \(command.name) explains it")
    }

    /// See ``CommandContext/wait(for:effect:then:)``.
    func wait<Result: Sendable>(
        for work: @escaping @Sendable () async -> Result, effect: @escaping @LoopActor (Result) -> Void = { _ in },
        then body: @escaping @LoopActor (Result) -> Void
    ) {
        asker.wait(for: work, effect: effect, then: body)
    }

    /// Notes what was done with the powers of an operator. See ``World/audit(_:by:account:_:outcome:)``.
    func audit(_ action: String, _ details: [String: String], outcome: AuditRecord.Outcome = .done, notice: String? = nil) {
        world.audit(action, by: asker.name, account: asker.person?.identity?.account, details, outcome: outcome, notice: notice)
    }

    /// As above; what somebody did with what is its own is no matter of operators, and only in the log.
    func note(_ action: String, _ details: [String: String], outcome: AuditRecord.Outcome = .done) {
        if isAboutOthers { return audit(action, details, outcome: outcome) }
        var metadata = details.mapValues { Logger.MetadataValue.string($0) }
        metadata["by"] = "\(asker.name)"
        world.logger.notice("\(action)", metadata: metadata)
    }

    /// Runs `body` when the last argument is the code that this very action asks for; tells the code otherwise. It belongs to
    /// the asker and to what is done, so that nobody pastes it by accident.
    ///
    /// - Parameters:
    ///   - action: what cannot be undone, exactly; a new object of the same name has another text.
    ///   - index: where the code stands.
    func confirm(_ action: String, at index: Int, warning: String, _ body: () -> Void) {
        let code = confirmationCode(for: action)
        if self[index] == code || asker.isSure { return body() }
        refuse(warning)
        let words = (subject.map { ["FOR", $0.name] } ?? []) + [command.name] + arguments.prefix(index) + [code]
        say("To go on: \(asker.call(service)) \(words.joined(separator: " "))")
    }

    /// What ``confirm(_:at:warning:_:)`` wants to see.
    func confirmationCode(for action: String) -> String {
        world.confirmationCode(for: "\(command.name) \(action) \(client?.identity?.account ?? asker.name)")
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
