import Foundation
import IRCProtocol
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Server

/// What each kind of viewer can find out about each kind of person, by every command that tells of people. The table says what it may;
/// whatever else comes to light is a leak, and whatever does not come to light is missing.
@LoopActor @Suite struct PersonPrivacyTests {
    enum Fact: CaseIterable {
        /// Its address, which is behind its host.
        case address
        /// That it is in the open channel #open, by asking for the person.
        case channels
        /// That it is in the secret channel #secret.
        case secretChannel
        /// That it operates the server.
        case isOperator
        /// The nickname, by asking for nobody in particular.
        case nickname
        /// What was said to it in private.
        case conversation
        /// Its email address.
        case email
        /// That it is here, by MONITOR.
        case presence
        /// What it tells of itself (METADATA).
        case metadata
        /// What was said in #secret.
        case secretWords
    }

    enum Viewer: CaseIterable {
        /// Itself, in another channel of the same.
        case itself
        /// In #open with it.
        case companion
        case stranger, account, serverOperator
    }

    /// The user mode that makes the person what it is.
    enum Kind: String, CaseIterable {
        case plain = "", invisible = "i", hidesChannels = "p", hidesOperator = "H"
    }

    private static func expected(_ viewer: Viewer, _ kind: Kind) -> Set<Fact> {
        switch viewer {
        case .itself: return Set(Fact.allCases)
        case .serverOperator: return Set(Fact.allCases).subtracting([.conversation, .secretWords])
        case .companion, .stranger, .account:
            var facts: Set<Fact> = [.nickname, .presence, .metadata]
            if kind != .hidesOperator { facts.insert(.isOperator) }
            if kind != .hidesChannels, kind != .invisible || viewer == .companion { facts.insert(.channels) }
            if kind == .invisible, viewer != .companion { facts.remove(.nickname) }
            return facts
        }
    }

    /// Questions about the person, and about nobody in particular.
    private static let direct = [
        "WHOIS dana", "WHOIS dana dana", "WHO dana", "WHO dana %tcuihsnfdlaor", "USERHOST dana", "USERIP dana", "ISON dana",
        "MONITOR + dana",
        "MONITOR S", "WHOWAS dana", "NS INFO dana", "METADATA dana LIST", "METADATA dana GET url", "TRACE dana", "STATS l", "STATS o",
        "NS SESSIONS dana",
        "SILENCE dana", "SEARCH from=dana", "SEARCH text=hiddenwords",
        "NICK dana", "CHATHISTORY LATEST dana * 10", "CHATHISTORY LATEST bob * 10", "SEARCH text=secretwords", "SEARCH from=bob",
        "CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00.000Z timestamp=2099-01-01T00:00:00.000Z 50",
    ]
    private static let general = ["WHO *", "WHO 0 o", "NAMES", "WHO #open", "NAMES #open", "LIST", "LUSERS", "STATS u", "WHO * %n"]

    @Test(arguments: Kind.allCases, Viewer.allCases)
    func nothingElseComesToLight(_ kind: Kind, _ viewer: Viewer) async throws {
        let test = try await TestWorld()
        try await test.addAccount("dana", password: "secret", isOperator: true)
        _ = try await test.accounts.changeSettings(name: "dana") { $0.email = "dana@mail.example" }
        let capabilities = "batch message-tags draft/chathistory draft/metadata-2"
        let dana = await test.join("dana", capabilities: capabilities, from: "203.0.113.77")
        await dana.send("OPER dana secret", "JOIN #open", "JOIN #secret", "MODE #secret +s")
        if !kind.rawValue.isEmpty { await dana.send("MODE dana +\(kind.rawValue)") }
        await dana.send("METADATA * SET url :danasplace", "PRIVMSG #secret :hiddenwords")
        let bob = try await test.logIn("bob")
        await bob.send("PRIVMSG dana :secretwords")
        let looker: TestClient =
            switch viewer {
            case .itself: dana
            case .companion: await test.join("looker", in: "#open", capabilities: capabilities)
            case .stranger: await test.join("looker", capabilities: capabilities)
            case .account: try await test.logIn("looker", capabilities: capabilities)
            case .serverOperator: try await test.operate("looker", capabilities: capabilities)
            }
        var known: [Fact: String] = [:]
        func learn(_ fact: Fact, _ question: String, when isKnown: Bool) { if isKnown, known[fact] == nil { known[fact] = question } }
        for question in Self.direct + Self.general {
            if viewer == .itself, question == "NICK dana" { continue }
            let answer = await looker.ask(question)
            let text = answer.joined(separator: "\n")
            learn(.address, question, when: text.contains("203.0.113.77"))
            learn(.email, question, when: text.contains("dana@mail.example"))
            learn(.conversation, question, when: text.contains("secretwords"))
            learn(.secretWords, question, when: text.contains("hiddenwords"))
            learn(.metadata, question, when: text.contains("danasplace"))
            learn(.presence, question, when: answer.contains { $0.contains(" 730 ") && $0.contains("dana") })
            if Self.general.contains(question) {
                // WHO and NAMES of an open channel name those inside to whoever may find them.
                learn(.nickname, question, when: answer.contains { $0.hasSuffix(" dana") || $0.contains("dana ") && !$0.contains(" 353 ") })
            } else {
                learn(.channels, question, when: text.contains("#open"))
                learn(.isOperator, question, when: answer.contains { $0.contains(" 313 ") || $0.contains(" 302 ") && $0.contains("dana*") })
            }
            learn(.secretChannel, question, when: text.contains("#secret"))
        }
        for question in ["CHATHISTORY LATEST #secret * 10", "PINS #secret", "SEARCH in=#secret", "HISTSERV PLAY #secret 5"] {
            let text = await looker.ask(question).joined(separator: "\n")
            learn(.secretWords, question, when: text.contains("hiddenwords"))
        }
        for fact in Fact.allCases {
            let mayKnow = Self.expected(viewer, kind).contains(fact)
            #expect(
                (known[fact] != nil) == mayKnow,
                "\(viewer) \(mayKnow ? "does not learn" : "learns") the \(fact) of +\(kind.rawValue) by \(known[fact] ?? "anything")")
        }
    }

    /// Whoever asks over HTTP is nobody: it reads the nickname under what is pinned in an open channel, and nothing else.
    @Test(arguments: Kind.allCases)
    func overHTTPNothingElseComesToLight(_ kind: Kind) async throws {
        let test = try await TestWorld()
        let dana = try await test.operate("dana", capabilities: "message-tags echo-message draft/metadata-2")
        await dana.send("METADATA * SET url :danasplace", "JOIN #open", "JOIN #secret", "MODE #secret +s")
        if !kind.rawValue.isEmpty { await dana.send("MODE dana +\(kind.rawValue)") }
        for channel in ["#open", "#secret"] {
            let id = try #require(await dana.ask("PRIVMSG \(channel) :words").lazy.compactMap(Scenario.messageID).first)
            await dana.send("PIN \(channel) \(id)")
        }
        #expect(test.world.channels["#secret"]?.pins.count == 1)
        let found = try #require(try await test.world.pins(of: "#open", for: nil))
        #expect(found.pins.map(\.from) == ["dana"] && found.pins.map(\.text) == ["words"] && found.pins.map(\.pinned_by) == ["dana"])
        let text = String(decoding: try JSONEncoder().encode(found.pins), as: UTF8.self)
        for word in ["192.0.2.1", "danasplace", "#secret", dana.client.host] { #expect(!text.contains(word)) }
        #expect(try await test.world.pins(of: "#secret", for: nil) == nil)
        #expect(try await test.world.pins(of: "dana", for: nil) == nil)
    }
}
