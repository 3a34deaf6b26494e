import Foundation
import RoostTesting
import Testing

@testable import ACME

@Suite struct OrderMachineTests {
    private let day: Int64 = 86_400_000

    @Test(arguments: ChallengeType.allCases) func gets(_ type: ChallengeType) throws {
        var run = try OrderRun { $0.challenge = type }
        run.run()
        let records = run.authority.records
        #expect(records.violations == [])
        #expect((records.accounts, records.orders, records.certificates, records.goodLooks) == (1, 1, 1, 2))
        #expect(records.contact == ["mailto:op@example.com"])
        #expect(run.installed?.names == Set(OrderRun.names))
        #expect(run.installations == 1)
        #expect(run.shown == [], "nothing is shown when no order is under way")
        #expect(run.disk?.order == nil && run.disk?.lastError == nil)
        // Everything that a crash could lose is on disk before it is sent.
        #expect(run.log.first == "save")
        #expect(run.log.prefix { !$0.hasPrefix("POST new-order") }.contains("show 2") == false)
        guard case .obtained(let names, let renewal)? = run.events.last else {
            Issue.record("\(run.events)")
            return
        }
        #expect(names == OrderRun.names)
        #expect((57 * day...60 * day).contains(renewal - OrderRun.start))
    }

    @Test func renewsAfterTwoThirds() throws {
        var run = try OrderRun()
        run.authority.options.tellsRenewal = false
        run.run()
        let first = run.installed?.pem
        run.patience = 61 * day
        _ = run.step()
        run.patience = day / 8
        run.run()
        #expect(run.authority.records.orders == 2 && run.authority.records.accounts == 1)
        #expect(run.installed?.pem != first)
        #expect(run.machine.renewalTime.map { $0 > run.now + 55 * day } == true)
    }

    /// The window of the authority counts more than the two thirds, and the order says which certificate it is about (RFC 9773).
    @Test func theAuthorityMayWantAnEarlierRenewal() throws {
        var run = try OrderRun()
        run.patience = 7 * 3_600_000
        func date(_ days: Double) -> Date { Date(timeIntervalSince1970: Double(OrderRun.start) / 1000 + days * 86_400) }
        run.authority.suggestRenewal(from: date(1), to: date(1.5))
        for _ in 0..<100 where run.authority.records.orders < 2 { _ = run.step() }
        let passed = Double(run.now - OrderRun.start) / Double(day)
        #expect((1...1.8).contains(passed), "\(passed)")
        #expect(run.authority.records.replaced != nil)
        for _ in 0..<40 { _ = run.step() }
        #expect(run.authority.records.certificates == 2 && run.authority.records.violations == [])
    }

    @Test func aCertificateThatIsGoodIsKept() throws {
        var run = try OrderRun()
        run.run()
        run.restart()
        run.run()
        #expect(run.authority.records.orders == 1)
        // Another name is another certificate, at once, with the same account.
        var plan = run.machine.plan
        plan.names = ["irc.example.com"]
        run.machine.change(to: plan)
        run.run()
        #expect(run.authority.records.issued.last == ["irc.example.com"] && run.authority.records.accounts == 1)
    }

    @Test func aNewAddressOfMailIsTold() throws {
        var run = try OrderRun()
        run.run()
        var plan = run.machine.plan
        plan.contact = ["mailto:other@example.com"]
        plan.names = ["irc.example.com"]
        run.machine.change(to: plan)
        run.run()
        #expect(run.authority.records.contact == ["mailto:other@example.com"] && run.authority.records.accounts == 1)
    }

    @Test func externalAccounts() throws {
        var options = ACMEAuthorityOptions()
        options.externalAccount = ("kid-1", "c2VjcmV0LXNlY3JldC1zZWNyZXQ")
        var without = try OrderRun(options)
        without.run()
        #expect(without.installations == 0)
        #expect(without.machine.record.lastError?.contains("externalAccountRequired") == true)
        // What the operator has put right is tried at once.
        var plan = without.machine.plan
        plan.externalAccount = ExternalAccount(id: "kid-1", secret: "c2VjcmV0LXNlY3JldC1zZWNyZXQ")
        without.machine.change(to: plan)
        let before = without.now
        without.run()
        #expect(without.installations == 1 && without.now - before < 60_000)
        #expect(without.disk?.externalAccount == "kid-1")
    }

    /// Another authority gets another account; nothing of the one before is sent there.
    @Test func anotherAuthority() throws {
        var run = try OrderRun()
        run.run()
        let key = run.machine.record.accountKey
        var plan = run.machine.plan
        plan.directory = "https://other.example/directory"
        run.machine.change(to: plan)
        #expect(run.machine.record == OrderRecord(directory: plan.directory))
        #expect(key != nil && run.machine.record.accountKey == nil)
    }

    /// The process dies once, before or after any step that it takes: there is one account and one certificate in the end, and a
    /// second order only where nobody can know whether the first one arrived.
    @Test func aCrashAnywhereCostsNothing() throws {
        var whole = try OrderRun()
        whole.authority.options.processingLooks = 2
        whole.run()
        #expect(whole.installations == 1)
        var doubled: [String] = []
        for place in 0..<(whole.log.count + 6) {
            for crash in [OrderRun.Crash.before, .after] {
                var run = try OrderRun()
                run.authority.options.processingLooks = 2
                for _ in 0..<place where !run.step() { break }
                _ = run.step(crash)
                let what = run.log.last ?? ""
                run.run()
                let records = run.authority.records
                #expect(records.violations == [], "\(place) \(crash)")
                #expect(run.installed != nil && records.accounts == 1, "\(place) \(crash)")
                #expect(run.machine.record.order == nil && run.machine.record.lastError == nil, "\(place) \(crash)")
                if records.orders > 1 { doubled.append(what) }
            }
        }
        #expect(Set(doubled).isSubset(of: ["POST new-order", "save"]) && doubled.count <= 4, "\(doubled)")
    }
}
