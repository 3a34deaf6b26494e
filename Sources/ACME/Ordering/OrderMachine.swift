package import ATProto
import Foundation

/// Gets a certificate and keeps it renewed: a value that says what to do next, and is told what came of it. It does nothing itself.
///
/// What it must not forget is its ``record``, which it wants on disk before the next request goes out. So a crash at any point costs
/// nothing: the record says how far things are, and the authority is asked for the rest.
package struct OrderMachine: Sendable {
    /// What is to be done next.
    package enum Step: Sendable {
        /// Put the record on disk, then call ``OrderMachine/saved(_:)``.
        case save(OrderRecord)
        /// Let the authority find these and no others, then call ``OrderMachine/shown()``.
        case show([ChallengeAnswer])
        /// Send this, then call ``OrderMachine/received(_:now:)``.
        case ask(FetchRequest)
        /// Put the certificate on disk and show it to clients, then call ``OrderMachine/installed(now:)``.
        case install(ObtainedCertificate)
        /// Do nothing until then, in milliseconds since 1970.
        case wait(until: Int64)
    }

    /// What the log should have.
    package enum Event: Sendable, Equatable {
        case begun(names: [String])
        /// Nothing is lost; it goes on later.
        case delayed(reason: String, until: Int64)
        /// There will be another order.
        case failed(reason: String, until: Int64)
        case obtained(names: [String], renewal: Int64)
    }

    /// What was asked.
    enum Question: Sendable, Equatable {
        case directory, nonce, account, contact, newOrder, order, finalize, certificate, renewalInfo
        case authorization(Int)
        case challenge(Int)
    }

    /// What is known of an order beyond the record; after a restart the authority is asked.
    struct Progress: Sendable {
        var order: OrderDocument?
        /// One for each of the order, as far as they are known.
        var authorizations: [AuthorizationDocument?] = []
        /// Those whose challenge the authority was told to look at.
        var answered: Set<Int> = []
        var looks = 0
        var certificate: ObtainedCertificate?
    }

    package internal(set) var plan: OrderPlan
    package internal(set) var record: OrderRecord
    /// The one in use; nil: there is none.
    package internal(set) var certificate: ObtainedCertificate?
    var directory: AuthorityDirectory?
    var nonce: String?
    var progress = Progress()
    var asked: Question?
    var stumbles = 0
    var badNonces = 0
    /// For polls.
    var pauseUntil: Int64?
    var wanted: [ChallengeAnswer] = []
    private var found: [ChallengeAnswer] = []
    private var onDisk: OrderRecord?
    private var events: [Event] = []
    /// From 0 to 1; how waits are spread.
    let jitter: @Sendable () -> Double

    /// - Parameters:
    ///   - record: from disk; nil: there is none.
    ///   - certificate: the one on disk.
    package init(
        _ plan: OrderPlan, record: OrderRecord?, certificate: ObtainedCertificate?,
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        (self.plan, self.certificate, self.jitter) = (plan, certificate, jitter)
        self.record = record ?? OrderRecord(directory: plan.directory)
        onDisk = record
        // Whether it was sent before the crash, nobody knows: it counts, and the next attempt counts too.
        if self.record.order?.url == nil { self.record.order?.isCounted = false }
        adjustRecord()
    }

    /// Takes over another plan. What the operator has put right is tried at once.
    package mutating func change(to plan: OrderPlan) {
        guard plan != self.plan else { return }
        self.plan = plan
        record.restUntil = nil
        record.failures = 0
        stumbles = 0
        pauseUntil = nil
        // What is under way is an answer to somebody else.
        asked = nil
        forgetProgress()
        adjustRecord()
    }

    /// Does not wait any longer after a failure.
    package mutating func retry() {
        record.restUntil = nil
        pauseUntil = nil
    }

    private mutating func adjustRecord() {
        if record.directory != plan.directory {
            record = OrderRecord(directory: plan.directory)
            (directory, nonce) = (nil, nil)
        }
        if record.accountURL != nil, record.externalAccount != plan.externalAccount?.id {
            // The key belongs to the other account.
            (record.accountKey, record.accountURL, record.order) = (nil, nil, nil)
        }
        if let order = record.order, order.names != plan.names { record.order = nil }
        if record.order == nil { forgetProgress() }
    }

    // MARK: What was done

    /// - Parameter record: what is on disk now.
    package mutating func saved(_ record: OrderRecord) { onDisk = record }

    package mutating func shown() { found = wanted }

    /// The certificate that was to be installed is in use.
    package mutating func installed(now: Int64) {
        guard let obtained = progress.certificate else { return }
        certificate = obtained
        record.order = nil
        record.renewal = nil
        record.failures = 0
        record.restUntil = nil
        record.lastError = nil
        record.obtained = now
        stumbles = 0
        forgetProgress()
        note(.obtained(names: plan.names, renewal: renewalTime ?? now))
    }

    /// Something on this machine failed, such as the disk: it is tried again after a minute.
    package mutating func failedHere(_ reason: String, now: Int64) {
        pauseUntil = now + Patience.minute
        note(.delayed(reason: reason, until: now + Patience.minute))
    }

    /// What has happened since the last call.
    package mutating func takeEvents() -> [Event] {
        defer { events = [] }
        return events
    }

    /// When the certificate is to be renewed, in milliseconds since 1970; nil: there is none for all names.
    package var renewalTime: Int64? {
        guard let certificate, certificate.covers(plan.names) else { return nil }
        let window = record.renewal.flatMap { $0.certificate == certificate.renewalID ? $0.window : nil }
        let time = certificate.renewalTime(window)
        // A clock that is wrong must not make one order after the other.
        return record.obtained.map { max(time, $0 + Patience.hour) } ?? time
    }

    // MARK: What to do

    package mutating func next(now: Int64) -> Step {
        if let pause = pauseUntil, pause > now { return .wait(until: pause) }
        pauseUntil = nil
        let step = decide(now)
        if record != onDisk { return .save(record) }
        if wanted != found { return .show(wanted) }
        if case .ask = step { return step }
        asked = nil
        return step
    }

    private mutating func decide(_ now: Int64) -> Step {
        if let rest = record.restUntil {
            guard rest <= now else { return .wait(until: rest) }
            record.restUntil = nil
        }
        if record.order == nil, let wait = waitOrBegin(now) { return wait }
        if let order = record.order {
            if order.url != nil, now > order.begun + Patience.orderTime {
                fail("the authority did not finish the order within a day", now: now)
                return decide(now)
            }
            if let certificate = progress.certificate { return .install(certificate) }
        }
        let question = nextQuestion
        if question == .newOrder, let wait = waitOrCount(now) { return wait }
        asked = question
        do {
            return .ask(try request(question))
        } catch {
            fail("\(error)", now: now)
            return decide(now)
        }
    }

    /// What to wait for while there is no order; begins one when it is time, and nil then.
    private mutating func waitOrBegin(_ now: Int64) -> Step? {
        guard let renewalTime, renewalTime > now else {
            if record.accountKey.flatMap({ AccountKey(pem: $0) }) == nil {
                (record.accountKey, record.accountURL) = (AccountKey().pem, nil)
            }
            record.order = OrderUnderWay(names: plan.names, key: AccountKey().pem, begun: now)
            note(.begun(names: plan.names))
            return nil
        }
        guard let id = certificate?.renewalID, directory == nil || directory?.renewalInfo != nil else { return .wait(until: renewalTime) }
        let askAgain = record.renewal.flatMap { $0.certificate == id ? $0.askAgain : nil } ?? now
        return askAgain > now ? .wait(until: min(askAgain, renewalTime)) : nil
    }

    /// Counts an order that is about to be sent, unless there were too many.
    private mutating func waitOrCount(_ now: Int64) -> Step? {
        guard record.order?.isCounted == false else { return nil }
        record.sent.removeAll { $0 <= now - Patience.week }
        guard record.sent.count < Patience.ordersPerWeek else {
            let until = record.sent[0] + Patience.week
            delay("\(Patience.ordersPerWeek) orders within a week are enough", until: until)
            return .wait(until: until)
        }
        record.sent.append(now)
        record.order?.isCounted = true
        return nil
    }

    private var nextQuestion: Question {
        guard directory != nil else { return .directory }
        guard let order = record.order else { return .renewalInfo }
        guard nonce != nil else { return .nonce }
        guard record.accountURL != nil else { return .account }
        guard record.contact == plan.contact else { return .contact }
        guard order.url != nil else { return .newOrder }
        guard let document = progress.order else { return .order }
        switch document.status {
        case .ready: return .finalize
        case .valid: return .certificate
        case .processing, .invalid: return .order
        case .pending: break
        }
        if let unknown = progress.authorizations.firstIndex(where: { $0 == nil }) { return .authorization(unknown) }
        let pending = progress.authorizations.indices.filter { progress.authorizations[$0]?.status == .pending }
        if let next = pending.first(where: { !progress.answered.contains($0) }) { return .challenge(next) }
        return pending.first.map { .authorization($0) } ?? .order
    }

    // MARK: Within the machine

    mutating func note(_ event: Event) { events.append(event) }

    /// Asks the authority anew how far the order is.
    mutating func forgetProgress() {
        progress = Progress()
        if record.order == nil { wanted = [] }
    }

    /// Goes on later where it is.
    mutating func delay(_ reason: String, until: Int64) {
        record.lastError = reason
        record.restUntil = until
        if record.order?.url == nil { record.order?.isCounted = false }
        forgetProgress()
        note(.delayed(reason: reason, until: until))
    }

    /// Gives the order up. Another one comes later.
    ///
    /// - Parameter wait: what the authority asked for, in milliseconds.
    mutating func fail(_ reason: String, wait: Int64 = 0, now: Int64) {
        record.order = nil
        record.failures += 1
        let until = now + max(wait, Patience.afterFailure(record.failures, jitter: jitter()))
        record.lastError = reason
        record.restUntil = until
        forgetProgress()
        note(.failed(reason: reason, until: until))
    }
}
