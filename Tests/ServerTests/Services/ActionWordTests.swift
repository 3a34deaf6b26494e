import MainLoop
import Store
import Testing

@testable import Server

/// Commands that keep a list understand the same words.
@Suite @LoopActor struct ActionWordTests {
    @Test(arguments: ["DEL", "remove", "Revoke"])
    func somethingIsTakenOffAList(_ word: String) async throws {
        let test = try await TestWorld()
        let ann = try await test.logIn("ann")
        await ann.send("NS DEVICE ADD phone")
        #expect(await said(ann.ask("NS DEVICE \(word) phone"), "NickServ").first?.hasPrefix("phone no longer logs you in") == true)
        let fingerprint = String(repeating: "a", count: 64)
        _ = try await test.accounts.add(certificate: fingerprint, toAccount: "ann", limit: 1, now: 0)
        #expect(
            await said(ann.ask("NS CERT \(word) \(fingerprint)"), "NickServ") == [
                "\(fingerprint) no longer logs you in; connections that used it are closed"
            ])
        _ = try await test.administer("NickServ", "INVITECODE ADD")
        #expect(try await test.administer("NickServ", "INVITECODE \(word) 1") == ["Invite code 1 is void"])
        _ = try await test.administer("OperServ", "BAN ADD 1h 198.51.100.9 spam")
        #expect(try await test.administer("OperServ", "BAN \(word) 198.51.100.9") == ["Ban 1 on 198.51.100.9 is gone"])
        await ann.send("JOIN #c", "CS REGISTER #c", "CS AKICK #c ADD eve")
        #expect(await said(ann.ask("CS AKICK #c \(word) eve"), "ChanServ") == ["eve!*@* may enter #c again"])
    }

    private func said(_ lines: [String], _ service: String) -> [String] { ServiceDeskTests.said(lines, service) }
}
