import Foundation
import MainLoop
import Testing

@testable import Server

/// Whatever people type that is a secret, and whatever the server tells them that is one: at no level does the log have it.
@LoopActor @Suite struct LoggedSecretsTests {
    @Test func noSecretIsLogged() async throws {
        let log = EventLog()
        let test = try await TestWorld(logger: log.logger)
        try await test.addAccount("root", password: "Root-secret-1", isOperator: true)
        try await test.addAccount("ann", password: "Ann-secret-22")
        let (ann, bob, root) = (await test.join("ann"), await test.join("bob"), await test.join("root"))
        await ann.send("PASS Pass-secret-3", "NS IDENTIFY ann Wrong-secret-4", "NS IDENTIFY ann Ann-secret-22")
        await ann.send("NS PASSWD Ann-secret-22 Next-secret-5 Next-secret-5")
        await ann.send("JOIN #nest", "MODE #nest +k Key-secret-6", "PRIVMSG bob :Said-secret-7", "PRIVMSG #nest :Said-secret-7")
        await bob.send("REGISTER bob * Bob-secret-88", "JOIN #nest Guess-secret-9")
        await bob.send("AUTHENTICATE PLAIN", "AUTHENTICATE " + Data("\0bob\0Sasl-secret-10".utf8).base64EncodedString())
        await root.send("OPER root Oper-secret-11", "OPER root Root-secret-1")
        await root.send("NS SAREGISTER carol Carol-secret-12", "NS SAPASSWD ann Third-secret-13", "NS FOR ann PASSWORD ADD phone")
        await root.send("NS INVITECODE ADD 1 1", "SAMODE #nest +o ann", "KILL bob :too loud")
        let events = Set(log.events.map(\.name))
        #expect(events.isSuperset(of: ["operator.refused", "operator.login", "account.made", "account.password", "operator.kill"]))
        #expect(!log.text.contains("-secret-"), "\(log.events.filter { "\($0)".contains("-secret-") })")
        // What SASL sent is a secret in any form.
        #expect(!log.text.contains(Data("\0bob\0Sasl-secret-10".utf8).base64EncodedString()))
        let codes = root.all("NOTICE").flatMap { $0.split(separator: " ") }.filter { $0.count >= 16 && $0.contains("-") }
        for code in codes { #expect(!log.text.contains(code), "\(code)") }
    }
}
