import ATProto
import Foundation
import RoostTesting

@testable import ACME

/// A machine, an authority, a disk and a clock, all of them values.
struct OrderRun {
    /// What a test may cut short.
    enum Crash {
        case before, after
    }

    static let start: Int64 = 1_767_225_600_000
    static let names = ["irc.example.com", "chat.example.com"]

    var machine: OrderMachine
    var authority: OfflineACMEAuthority
    var now = OrderRun.start
    var disk: OrderRecord?
    var installed: ObtainedCertificate?
    var installations = 0
    var shown: [ChallengeAnswer] = []
    var events: [OrderMachine.Event] = []
    /// Kinds of the steps taken.
    var log: [String] = []
    /// The longest wait that a test goes through.
    var patience: Int64 = 3 * 3_600_000

    init(_ options: ACMEAuthorityOptions = ACMEAuthorityOptions(), _ adjust: (inout OrderPlan) -> Void = { _ in }) throws {
        authority = try OfflineACMEAuthority(options)
        var plan = OrderPlan(directory: authority.directory, names: Self.names, contact: ["mailto:op@example.com"])
        adjust(&plan)
        machine = OrderMachine(plan, record: nil, certificate: nil, jitter: { 0 })
    }

    /// The process dies; another one finds the disk.
    mutating func restart() {
        machine = OrderMachine(machine.plan, record: disk, certificate: installed, jitter: { 0 })
        shown = []
        authority.shown = [:]
    }

    /// Does the next thing. False when it is a wait that is longer than ``patience``.
    ///
    /// - Parameter crash: whether the process dies before or after it does it, so that the machine never hears of it.
    mutating func step(_ crash: Crash? = nil) -> Bool {
        authority.options.now = { [now] in now }
        let step = machine.next(now: now)
        if case .before = crash { restart(); return true }
        events += machine.takeEvents()
        var tell: (inout OrderMachine) -> Void = { _ in }
        switch step {
        case .save(let record):
            log.append("save")
            disk = try? JSONDecoder().decode(OrderRecord.self, from: JSONEncoder().encode(record))
            tell = { $0.saved(record) }
        case .show(let answers):
            log.append("show \(answers.count)")
            shown = answers
            authority.shown = Dictionary(uniqueKeysWithValues: answers.map { ($0.token, $0.keyAuthorization) })
            tell = { $0.shown() }
        case .ask(let request):
            log.append("\(request.method) \(request.url.split(separator: "/").dropFirst(2).joined(separator: "/"))")
            let answer = ask(request)
            tell = { [now] in $0.received(answer, now: now) }
        case .install(let certificate):
            log.append("install")
            installed = ObtainedCertificate(pem: certificate.pem)
            installations += 1
            tell = { [now] in $0.installed(now: now) }
        case .wait(let until):
            guard until - now <= patience else { return false }
            now = until
        }
        if case .after = crash { restart(); return true }
        tell(&machine)
        events += machine.takeEvents()
        return true
    }

    private mutating func ask(_ request: FetchRequest) -> AuthorityAnswer {
        let type = request.headers.first { $0.0 == "Content-Type" }?.1
        guard let answer = authority.answer(method: request.method, url: request.url, contentType: type, body: request.body) else {
            return .lost("the connection broke")
        }
        let response = FetchResponse(
            status: answer.status, headers: FetchHeaders(answer.headers), body: answer.body, finalURL: request.url)
        return .response(AuthorityResponse(response, now: now))
    }

    /// Goes on until there is nothing to do for longer than ``patience``.
    mutating func run() {
        for _ in 0..<1000 where !step() { return }
    }
}
