import IRCProtocol
import MainLoop
import NIOCore
import Testing

@testable import Server

@LoopActor @Suite struct MultilineTests {
    private static let all = "batch draft/multiline message-tags server-time echo-message labeled-response"

    /// alice may send, bob takes batches, carol does not.
    private func room(
        _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws -> (test: TestWorld, alice: TestClient, bob: TestClient, carol: TestClient) {
        let test = try await TestWorld(change)
        let alice = await test.join("alice", in: "#c", capabilities: Self.all)
        let bob = await test.join("bob", in: "#c", capabilities: "batch draft/multiline message-tags")
        let carol = await test.join("carol", in: "#c", capabilities: "message-tags")
        for client in [alice, bob, carol] { client.clear() }
        return (test, alice, bob, carol)
    }

    private func msgid(_ line: String) -> String? {
        line.split(separator: " ")[0].dropFirst().split(separator: ";").first { $0.hasPrefix("msgid=") }.map { String($0.dropFirst(6)) }
    }

    @Test func everybodyGetsItAsTheyTakeIt() async throws {
        let (_, alice, bob, carol) = try await room()
        await alice.send(
            "@label=x;+tag=1 BATCH +123 draft/multiline #C", "@batch=123 PRIVMSG #c hello", "@batch=123 PRIVMSG #c :",
            "@batch=123 PRIVMSG #c :how is ", "@batch=123;draft/multiline-concat PRIVMSG #c :everyone?")
        #expect(alice.lines.isEmpty && bob.lines.isEmpty)
        await alice.send("BATCH -123")
        let source = alice.client.source
        let id = try #require(msgid(bob.lines[0]))
        #expect(
            bob.lines == [
                "@msgid=\(id);+tag=1 :\(source) BATCH +\(id) draft/multiline #c", "@batch=\(id) :\(source) PRIVMSG #c :hello",
                "@batch=\(id) :\(source) PRIVMSG #c :", "@batch=\(id) :\(source) PRIVMSG #c :how is ",
                "@batch=\(id);draft/multiline-concat :\(source) PRIVMSG #c :everyone?", ":irc.test BATCH -\(id)",
            ])
        #expect(
            carol.lines == [
                "@msgid=\(id);+tag=1 :\(source) PRIVMSG #c :hello", "@+tag=1 :\(source) PRIVMSG #c :how is ",
                "@+tag=1 :\(source) PRIVMSG #c :everyone?",
            ])
        #expect(alice.lines.count == 6 && alice.lines[0].hasPrefix("@label=x;time="))
        #expect(alice.lines.count { $0.contains("label=") } == 1)
    }

    @Test func aPersonGetsItToo() async throws {
        let (_, alice, bob, carol) = try await room()
        for nick in ["bob", "carol"] {
            await alice.send("BATCH +1 draft/multiline \(nick)", "@batch=1 NOTICE \(nick) :a", "@batch=1 NOTICE \(nick) :b", "BATCH -1")
        }
        #expect(bob.lines.count == 4 && carol.lines.count == 2)
        #expect(bob.lines.last?.hasPrefix(":irc.test BATCH -") == true && carol.all("NOTICE").count == 2)
    }

    @Test func oneLineAloneIsAnOrdinaryMessage() async throws {
        let (_, alice, bob, _) = try await room()
        await alice.send("BATCH +1 draft/multiline #c", "@batch=1 PRIVMSG #c :a", "BATCH -1")
        #expect(bob.lines.count == 1 && bob.all("PRIVMSG").count == 1)
    }

    @Test func refusalsOfTheTargetAreAnswered() async throws {
        let (_, alice, _, _) = try await room()
        await alice.send("@label=x BATCH +1 draft/multiline #none", "@batch=1 PRIVMSG #none :a", "@batch=1 PRIVMSG #none :b")
        #expect(await alice.ask("BATCH -1") == ["@label=x :irc.test 403 alice #none :No such channel"])
    }

    /// What is sent between the beginning and the end, and the FAIL it gets.
    @Test(arguments: [
        (["@batch=2 PRIVMSG #c :a"], "MULTILINE_INVALID :Until"), (["PRIVMSG #c :a"], "MULTILINE_INVALID :Until"),
        (["@batch=1 PRIVMSG #d :a"], "MULTILINE_INVALID_TARGET #c #d :"),
        (["@batch=1 PRIVMSG #c :a", "@batch=1 NOTICE #c :a"], "MULTILINE_INVALID :A batch has either"),
        (["@batch=1 PRIVMSG #c :a", "@batch=1;draft/multiline-concat PRIVMSG #c :"], "MULTILINE_INVALID :A blank"),
        (["@batch=1;+x PRIVMSG #c :a"], "MULTILINE_INVALID :Tags"),
        (["BATCH +2 draft/multiline #c"], "MULTILINE_INVALID :A batch must end"),
        (["@batch=1 PRIVMSG #c :", "@batch=1 PRIVMSG #c :", "BATCH -1"], "MULTILINE_INVALID :The batch has no line"),
        (["BATCH -1"], "MULTILINE_INVALID :The batch has no line"),
        (["@batch=1 PRIVMSG #c 1", "@batch=1 PRIVMSG #c 2", "@batch=1 PRIVMSG #c 3", "@batch=1 PRIVMSG #c 4"], "MULTILINE_MAX_LINES 3 :"),
        (["@batch=1 PRIVMSG #c 12345", "@batch=1 PRIVMSG #c 12345"], "MULTILINE_MAX_BYTES 10 :"),
    ])
    func mistakesAreToldOnce(_ lines: [String], _ expected: String) async throws {
        let (_, alice, bob, _) = try await room { ($0.limits.multilineLines, $0.limits.multilineBytes) = (3, 10) }
        await alice.send("@label=x BATCH +1 draft/multiline #c")
        for line in lines { await alice.send(line) }
        #expect(alice.lines.count == 1 && alice.lines.first?.hasPrefix("@label=x :irc.test FAIL BATCH \(expected)") == true)
        alice.clear()
        // The rest of it is ignored, and the next one is taken.
        if lines.last != "BATCH -1" { await alice.send("@batch=1 PRIVMSG #c :ignored", "BATCH -1") }
        #expect(alice.lines.isEmpty && bob.lines.isEmpty)
        await alice.send("BATCH +2 draft/multiline #c", "@batch=2 PRIVMSG #c :next", "BATCH -2")
        #expect(bob.all("PRIVMSG").count == 1)
    }

    @Test func theLimitsThemselvesAreTaken() async throws {
        let (_, alice, bob, _) = try await room { ($0.limits.multilineLines, $0.limits.multilineBytes) = (3, 9) }
        await alice.send("BATCH +1 draft/multiline #c", "@batch=1 PRIVMSG #c 123", "@batch=1 PRIVMSG #c 12", "@batch=1 PRIVMSG #c 12")
        await alice.send("BATCH -1")
        #expect(bob.lines.count == 5)
    }

    @Test(arguments: [
        ("BATCH 1", "INVALID_REFTAG 1 :"), ("BATCH +", "INVALID_REFTAG + :"), ("BATCH +a_b draft/multiline #c", "INVALID_REFTAG +a_b :"),
        ("BATCH -1", "INVALID_REFTAG 1 :"), ("BATCH +1 netsplit #c", "UNKNOWN_TYPE 1 netsplit :"), ("BATCH +1", "UNKNOWN_TYPE 1 * :"),
        ("BATCH +1 draft/multiline", "MULTILINE_INVALID :"), ("BATCH +1 draft/multiline #c,#d", "MULTILINE_INVALID :"),
        ("@batch=1 PRIVMSG #c :a", "MULTILINE_INVALID :"),
    ])
    func whatIsNoBatchIsTold(_ line: String, _ expected: String) async throws {
        let (_, alice, _, _) = try await room()
        let answer = await alice.ask(line)
        #expect(answer.count == 1 && answer.first?.hasPrefix(":irc.test FAIL BATCH \(expected)") == true)
    }

    @Test func onlyWhoKnowsItMaySendIt() async throws {
        let (_, _, _, carol) = try await room()
        #expect(await carol.ask("BATCH +1 draft/multiline #c").first?.hasPrefix(":irc.test FAIL BATCH UNKNOWN_TYPE 1 ") == true)
    }

    @Test func aBatchThatNeverEndsIsGivenUp() async throws {
        let (test, alice, _, _) = try await room()
        await alice.send("BATCH +1 draft/multiline #c", "@batch=1 PRIVMSG #c :a")
        await test.advance(seconds: 30)
        #expect(alice.lines.isEmpty)
        await test.advance(seconds: 1)
        #expect(alice.lines == [":irc.test FAIL BATCH TIMEOUT 1 :The batch was open for too long"])
        #expect(alice.session.clientBatch == nil)
    }

    @Test func aPongComesThroughAnOpenBatch() async throws {
        let (_, alice, _, _) = try await room()
        await alice.send("BATCH +1 draft/multiline #c")
        #expect(await alice.ask("PING x") == [":irc.test PONG irc.test :x"])
    }

    @Test func linesOfABatchArePaidForWithIt() async throws {
        let (_, alice, bob, _) = try await room { $0.limits.floodControl = true }
        await alice.send("BATCH +1 draft/multiline #c")
        for number in 0..<60 { await alice.send("@batch=1 PRIVMSG #c \(number)") }
        await alice.send("BATCH -1")
        #expect(bob.lines.count == 62)
    }

    @Test func historyKeepsItWholeAndShowsItAsAsked() async throws {
        let (_, alice, bob, _) = try await room()
        let long = String(repeating: "word ", count: 70)
        await alice.send(
            "BATCH +1 draft/multiline #c", "@batch=1 PRIVMSG #c :one", "@batch=1 PRIVMSG #c :", "@batch=1 PRIVMSG #c :\(long)",
            "@batch=1;draft/multiline-concat PRIVMSG #c :\(long)", "BATCH -1")
        await bob.send("CAP REQ draft/chathistory")
        let lines = await bob.ask("CHATHISTORY LATEST #c * 10")
        let id = try #require(lines.compactMap(msgid).first)
        #expect(lines.filter { $0.contains(" BATCH +\(id) draft/multiline #c") }.count == 1)
        let inner = lines.filter { $0.hasPrefix("@batch=\(id)") }
        let texts = inner.filter { $0.contains(" PRIVMSG ") }.map { $0.split(separator: ":", maxSplits: 2)[1...].joined() }
        #expect(texts.count == 4 && lines.allSatisfy { $0.split(separator: " ", maxSplits: 1)[1].utf8.count <= 510 })
        await bob.send("CAP REQ -draft/multiline")
        let plain = await bob.ask("CHATHISTORY LATEST #c * 10").filter { $0.contains(" PRIVMSG ") }
        #expect(plain.count == 3 && plain.compactMap(msgid) == [id])
    }
}

@Suite struct MultilineTextTests {
    @Test func textsComeBackFromTheirLines() {
        let text = "a\n\n" + String(repeating: "wörter ", count: 30) + "\n" + String(repeating: "é", count: 90)
        for room in [-20, 0, 3, 4, 5, 8, 20, 33, 100, 400] {
            let parts = MultilineText.parts(of: ByteBuffer(string: text)).flatMap { $0.pieces(room: room) }
            #expect(
                parts.allSatisfy {
                    $0.text.readableBytes <= max(room, 4) && String(validating: $0.text.readableBytesView, as: UTF8.self) != nil
                })
            #expect(String(buffer: MultilineText.joined(parts)) == text)
        }
    }

    @Test func piecesOfAContinuationContinue() {
        let part = MultilinePart(text: ByteBuffer(string: "one two"), isConcat: true)
        #expect(part.pieces(room: 4).map(\.isConcat) == [true, true])
        #expect(part.pieces(room: 7) == [part])
    }
}
