package import ACME
import ATProto
import Foundation
import Logging
package import MainLoop
package import Settings
import Sidecar
import Transport

/// Does what the ``OrderMachine`` says: requests, files, challenges, waits, and the certificate for new connections.
@LoopActor
package final class CertificateOrders {
    /// Longer waits are cut: the clock may be set in between.
    private static let longestSleep: Int64 = 3_600_000

    /// Nil when the settings want no certificate, or there is no TLS port.
    package private(set) var machine: OrderMachine?
    private var settings: Settings
    private let keeper: CertificateKeeper?
    private let files: OrderFiles
    private let answers: ChallengeAnswers
    private let ports: ChallengePorts
    private var fetcher: HardenedFetcher?
    private let clock: any LoopClock
    private let logger: Logger
    private var work: Task<Void, Never>?
    private var sleeper: CheckedContinuation<Void, Never>?
    private var watchers: [CheckedContinuation<Void, Never>] = []
    private var isStopped = false

    init(
        _ settings: Settings, data: DataDirectory, keeper: CertificateKeeper?, sidecar: Sidecar, sockets: PassedSockets,
        clock: any LoopClock, logger: Logger
    ) {
        (self.settings, self.keeper, self.clock, self.logger) = (settings, keeper, clock, logger)
        files = OrderFiles(data: data)
        answers = sidecar.challenges
        ports = ChallengePorts(answers, sockets: sockets, logger: logger)
    }

    /// Where challenges are answered beside `listen.http`.
    package var addresses: [Endpoint] { ports.addresses }

    /// Opens the ports for challenges and begins. What goes wrong is logged: nobody waits for a certificate.
    func start() async {
        await ports.set(endpoints)
        adopt()
    }

    /// Takes over changed settings.
    func reconfigure(_ settings: Settings) {
        guard settings.acme != self.settings.acme || settings.listen.http != self.settings.listen.http else {
            return self.settings = settings
        }
        let network = (settings.acme.directory, settings.acme.authorityCA)
        let isOther = network != (self.settings.acme.directory, self.settings.acme.authorityCA)
        self.settings = settings
        if isOther, let former = fetcher {
            fetcher = nil
            Task { await former.shutdown() }
        }
        Task {
            await ports.set(endpoints)
            adopt()
        }
    }

    /// Tries at once what waits after a failure.
    func retry() {
        machine?.retry()
        wake()
    }

    func stop() async {
        isStopped = true
        wake()
        await ports.stop()
        await fetcher?.shutdown()
        await work?.value
    }

    /// Returns when nothing is done before a time to come, or at all.
    package func resting() async {
        guard sleeper == nil, work != nil else { return }
        await withCheckedContinuation { watchers.append($0) }
    }

    private var endpoints: [Endpoint] { keeper == nil ? [] : settings.challengeEndpoints }

    private func adopt() {
        guard !isStopped else { return }
        guard keeper != nil, let plan = OrderPlan(settings) else {
            machine = nil
            show([])
            return wake()
        }
        if machine == nil {
            machine = OrderMachine(plan, record: readRecord(), certificate: files.certificate)
        } else {
            machine?.change(to: plan)
        }
        if work == nil { work = Task { await run() } }
        wake()
    }

    private func readRecord() -> OrderRecord? {
        do {
            return try files.record()
        } catch {
            logger.error("acme.state.unreadable", metadata: ["path": "\(files.data.orderRecord)", "error": "\(error)"])
            return nil
        }
    }

    // MARK: Steps

    private func run() async {
        while !isStopped, let step = machine?.next(now: clock.wallMilliseconds) {
            report()
            switch step {
            case .save(let record): await save(record)
            case .show(let found):
                show(found)
                machine?.shown()
                if found.contains(where: { $0.type == .http }) { await ports.set(endpoints) }
            case .ask(let request):
                let answer = await ask(request)
                machine?.received(answer, now: clock.wallMilliseconds)
            case .install(let certificate): await install(certificate)
            case .wait(let until): await sleep(until)
            }
            report()
        }
        work = nil
        rest()
    }

    private func save(_ record: OrderRecord) async {
        do {
            try await files.write(record)
            machine?.saved(record)
        } catch {
            machine?.failedHere("\(error)", now: clock.wallMilliseconds)
        }
    }

    private func show(_ found: [ChallengeAnswer]) {
        answers.answers = Dictionary(found.filter { $0.type == .http }.map { ($0.token, $0.keyAuthorization) }) { $1 }
        var certificates: [String: ServerCertificate] = [:]
        for answer in found where answer.type == .tls {
            guard
                let made = try? ChallengeCertificate(
                    name: answer.name, keyAuthorization: answer.keyAuthorization, now: clock.wallMilliseconds)
            else { continue }
            certificates[answer.name] = try? ServerCertificate(
                certificate: Array(made.certificate.utf8), key: Array(made.key.utf8), protocols: [ChallengeCertificate.applicationProtocol],
                certificateName: answer.name, keyName: answer.name)
        }
        keeper?.current.challenges = certificates
    }

    private func ask(_ request: FetchRequest) async -> AuthorityAnswer {
        if fetcher == nil, let policy = NetworkPolicy(authorityOf: settings) {
            fetcher = HardenedFetcher(policy: policy, dns: DNSClient(policy: policy), logger: logger)
        }
        guard let fetcher else { return .lost("there is no address of an authority") }
        do {
            return .response(AuthorityResponse(try await fetcher.fetch(request), now: clock.wallMilliseconds))
        } catch {
            return .lost(error.description)
        }
    }

    private func install(_ certificate: ObtainedCertificate) async {
        do {
            try await files.write(certificate)
            guard let keeper else { return }
            guard CertificateFiles.ordered(settings, in: files.data) != nil else {
                throw StartError(files.data.orderedCertificate, "TLS cannot use it", remedy: "see what the authority gives out")
            }
            let chosen = try CertificateFiles.choose(settings, in: files.data, now: clock.wallMilliseconds)
            let stamps = chosen.stamps
            _ = keeper.take(try chosen.load(), from: chosen, stamps)
            machine?.installed(now: clock.wallMilliseconds)
        } catch {
            machine?.failedHere("\(error)", now: clock.wallMilliseconds)
        }
    }

    private func sleep(_ until: Int64) async {
        let time = min(until - clock.wallMilliseconds, Self.longestSleep)
        guard time > 0, !isStopped else { return }
        await withCheckedContinuation { continuation in
            sleeper = continuation
            // One that fires late wakes somebody else early, who looks at the clock and sleeps again.
            clock.schedule(after: .milliseconds(time)) { [weak self] in self?.wake() }
            rest()
        }
    }

    private func wake() {
        sleeper?.resume()
        sleeper = nil
    }

    private func rest() {
        for watcher in watchers { watcher.resume() }
        watchers = []
    }

    private func report() {
        for event in machine?.takeEvents() ?? [] {
            switch event {
            case .begun(let names):
                logger.notice("acme.order.begun", metadata: ["names": "\(names.joined(separator: " "))"])
            case .delayed(let reason, let until):
                logger.warning("acme.order.delayed", metadata: ["reason": "\(reason)", "until": "\(Self.text(until))"])
            case .failed(let reason, let until):
                logger.error("acme.order.failed", metadata: ["reason": "\(reason)", "until": "\(Self.text(until))"])
            case .obtained(let names, let renewal):
                logger.notice(
                    "acme.certificate.obtained",
                    metadata: ["names": "\(names.joined(separator: " "))", "renewal": "\(Self.text(renewal))"])
            }
        }
    }

    /// - Parameter time: milliseconds since 1970.
    nonisolated static func text(_ time: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(time / 1000)).formatted(.iso8601)
    }
}
