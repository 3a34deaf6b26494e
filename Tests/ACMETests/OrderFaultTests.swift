import Foundation
import RoostTesting
import Testing

@testable import ACME

@Suite struct OrderFaultTests {
    private static let endpoints: [ACMEEndpoint] = [
        .directory, .nonce, .newAccount, .newOrder, .order, .authorization, .challenge, .finalize, .certificate,
    ]
    private static let passing: [ACMEFault.Kind] = [
        .lostRequest, .lostAnswer, .refusal(500, type: "serverInternal"), .refusal(503, type: "rateLimited", retryAfter: 90),
        .refusal(429, type: "rateLimited", retryAfter: 120), .refusal(429, type: "rateLimited"), .refusal(400, type: "badNonce"),
        .refusal(403, type: "orderNotReady"),
    ]

    /// What is not the order's fault delays it, and nothing more: every request, every such fault, twice in a row.
    @Test(arguments: endpoints) func delays(_ endpoint: ACMEEndpoint) throws {
        for kind in Self.passing {
            var run = try OrderRun()
            run.authority.options.processingLooks = 1
            for _ in 0..<2 { run.authority.add(ACMEFault(endpoint, kind)) }
            run.run()
            let records = run.authority.records
            #expect(run.installations == 1, "\(kind): \(run.machine.record.lastError ?? "")")
            #expect(records.violations == [] && records.accounts == 1, "\(kind): \(records.violations)")
            let isSecond = { if case .lostAnswer = kind { endpoint == .newOrder } else { false } }()
            #expect(records.orders == (isSecond ? 3 : 1), "\(kind)")
            #expect(records.certificates == 1, "\(kind)")
        }
    }

    /// What the authority asks for is waited for, and no request goes out before.
    @Test func retryAfterCounts() throws {
        var run = try OrderRun()
        run.authority.add(ACMEFault(.newOrder, .refusal(429, type: "rateLimited", retryAfter: 7200)))
        while run.machine.record.restUntil == nil { _ = run.step() }
        let (asked, requests) = (run.now, run.authority.records.requests)
        #expect(run.machine.record.restUntil == asked + 7_200_000)
        _ = run.step()
        run.restart()
        #expect(run.machine.record.restUntil == asked + 7_200_000, "a restart does not shorten it")
        _ = run.step()
        #expect(run.authority.records.requests == requests && run.now == asked + 7_200_000)
        run.run()
        #expect(run.installations == 1)
    }

    @Test func badNoncesAreBounded() throws {
        var run = try OrderRun()
        for _ in 0..<100 { run.authority.add(ACMEFault(.newAccount, .badNonce)) }
        while run.machine.record.restUntil == nil { _ = run.step() }
        #expect(run.authority.records.requests[.newAccount] == Patience.badNonces + 1)
        #expect(run.now == OrderRun.start, "the first ones are tried again at once")
    }

    /// Whatever the authority answers instead, the machine ends in an error that it tells, and waits.
    @Test(arguments: endpoints.filter { $0 != .nonce && $0 != .challenge && $0 != .newAccount })
    func nonsense(_ endpoint: ACMEEndpoint) throws {
        let texts = [
            "", "[]", "{}", "null", #"{"status":"valid"}"#, #"{"status":"odd","authorizations":[],"finalize":""}"#,
            #"{"status":"pending","authorizations":["a","b","c"],"finalize":"x"}"#,
            #"{"identifier":{"type":"dns","value":"evil.example"},"status":"pending","challenges":[]}"#,
            #"{"identifier":{"type":"dns","value":"irc.example.com"},"status":"pending","challenges":[{"type":"http-01","url":"u","status":"pending","token":"../../../../etc/passwd"}]}"#,
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ]
        for text in texts {
            var run = try OrderRun()
            run.patience = 60_000
            run.authority.add(ACMEFault(endpoint, .body(text)))
            for _ in 0..<60 where run.machine.record.lastError == nil { _ = run.step() }
            #expect(run.machine.record.lastError != nil, "\(text)")
            #expect(run.machine.record.restUntil != nil && run.installations == 0, "\(text)")
            #expect(!run.shown.contains { $0.token.contains("/") })
        }
    }

    @Test func aFailedChallengeEndsTheOrderAndTheNextOneComesLater() throws {
        var run = try OrderRun()
        run.authority.options.challenges = ["dns-01", "tls-alpn-01"]
        run.patience = 60_000
        run.run()
        #expect(run.machine.record.lastError?.contains("does not offer http-01") == true)
        #expect(run.shown == [] && run.machine.record.order == nil && run.machine.record.failures == 1)
        run.patience = 11 * 60_000
        run.authority.options.challenges = ["http-01"]
        run.run()
        #expect(run.installations == 1 && run.now >= OrderRun.start + 600_000)
        #expect(run.machine.record.failures == 0 && run.machine.record.lastError == nil)
    }

    /// The reason that the authority gives is told, in one line.
    @Test func theReasonIsTold() throws {
        var run = try OrderRun()
        run.patience = 60_000
        // The look happens when the challenge is told of; nothing is there.
        while run.authority.records.goodLooks + run.authority.records.badLooks == 0 {
            run.authority.shown = [:]
            guard run.step() else { break }
        }
        run.run()
        #expect(run.machine.record.lastError == "irc.example.com: unauthorized: nothing is there")
        let problem = AuthorityProblem(
            Data(
                #"{"type":"urn:ietf:params:acme:error:dns","detail":"a\r\nb","subproblems":[{"detail":"c","identifier":{"type":"dns","value":"d"}}]}"#
                    .utf8),
            status: 400)
        #expect(problem.text == "dns: a  b; d: c")
        #expect(AuthorityProblem(Data(repeating: 65, count: 5000), status: 502).text == "status 502")
    }

    /// An authority that refuses everything gets ten orders a week and no more, however often the server starts.
    @Test func ordersAreBounded() throws {
        var run = try OrderRun()
        run.patience = 8 * 86_400_000
        var sent: [Int64] = []
        while run.now < OrderRun.start + 60 * 86_400_000 {
            run.authority.options.challenges = []
            let before = run.authority.records.orders
            guard run.step(sent.count % 3 == 1 ? .after : nil) else { break }
            if run.authority.records.orders > before { sent.append(run.now) }
            run.machine.retry()
        }
        #expect(sent.count > 20)
        for time in sent { #expect(sent.count { ($0...$0 + Patience.week - 1).contains(time) } <= Patience.ordersPerWeek) }
        #expect(run.machine.record.sent.count <= Patience.ordersPerWeek)
    }

    @Test func waitsGrowAndEnd() {
        let minute: Int64 = 60_000
        #expect((1...10).map { Patience.afterFailure($0, jitter: 0) / minute } == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440])
        #expect(Patience.afterFailure(1, jitter: 1) == 10 * minute * 5 / 4)
        #expect(Patience.afterStumble(1, jitter: 0) == 15_000 && Patience.afterStumble(1000, jitter: 0) == 60 * minute)
        #expect(Patience.beforePoll(1) == 2000 && Patience.beforePoll(1000) == minute)
    }

    @Test func anAccountThatIsGoneIsMadeAnew() throws {
        var run = try OrderRun()
        run.run()
        run.authority.forgetAccounts()
        var plan = run.machine.plan
        plan.names = ["irc.example.com"]
        run.machine.change(to: plan)
        run.run()
        #expect(run.authority.records.accounts == 2 && run.installations == 2)
    }

    /// An order that never gets ready is given up after a day.
    @Test func anOrderMayNotTakeForEver() throws {
        var run = try OrderRun()
        run.authority.options.processingLooks = 1_000_000
        for _ in 0..<5000 where run.machine.record.failures == 0 { _ = run.step() }
        #expect(run.machine.record.failures == 1)
        #expect((0...4_000_000).contains(run.now - OrderRun.start - Patience.day))
    }

    /// A certificate that is none for us is not put on disk.
    @Test func aCertificateOfSomebodyElse() throws {
        var other = try OrderRun()
        other.run()
        let chain = try #require(other.installed?.pem).components(separatedBy: "-----END PRIVATE KEY-----\n").last ?? ""
        var run = try OrderRun()
        run.patience = 60_000
        run.authority.add(ACMEFault(.certificate, .body(chain)))
        run.run()
        #expect(run.installations == 0)
        #expect(run.machine.record.lastError == "what came is no certificate for the key that it was asked for")
    }

    @Test func aDiskThatFailsIsTriedAgain() throws {
        var run = try OrderRun()
        guard case .save = run.machine.next(now: run.now) else {
            Issue.record("nothing to save")
            return
        }
        run.machine.failedHere("the disk is full", now: run.now)
        guard case .wait(let until) = run.machine.next(now: run.now) else {
            Issue.record("no pause")
            return
        }
        #expect(until == run.now + 60_000)
        run.run()
        #expect(run.installations == 1)
    }
}
