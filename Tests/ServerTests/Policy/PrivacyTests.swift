import IRCProtocol
import MainLoop
import Testing

@testable import Server

/// What each kind of viewer can find out about each kind of channel, by every command there is. The table says what it may; whatever
/// else comes to light is a leak, and whatever does not come to light is missing.
@LoopActor @Suite struct PrivacyTests {
    /// Something that can be known of a channel.
    enum Fact: CaseIterable {
        /// That there is such a channel: any answer that differs from the one for a name that nobody uses.
        case existence
        /// By LIST without its name.
        case listing
        case topic
        /// That Dana, who is no operator there, is in it.
        case membership
        case metadata
        /// What was said in it.
        case words
        /// Its pins, over HTTP without a token.
        case publicPins
        /// Its pins, over HTTP with the token of the viewer's connection.
        case ownPins
    }

    enum Viewer: CaseIterable {
        case member, formerMember, guest, account, banned, serverOperator
        /// A guest without encryption.
        case insecure
        /// Kept out, or only kept silent, by an extended ban.
        case bannedByAccount, muted
    }

    /// The mode that makes the channel what it is.
    enum Kind: String, CaseIterable {
        case open = "n", secret = "s", hidden = "p", inviteOnly = "i", keyed = "k", auditorium = "u", accountsOnly = "R", noOutside = "m"
        /// Dana entered when it was so, and has not said anything.
        case delayed = "D"
        case secureOnly = "z", operatorsOnly = "O"
    }

    /// What `viewer` may know of a channel of this kind.
    private static func expected(_ viewer: Viewer, _ kind: Kind) -> Set<Fact> {
        let closed: Set<Kind> = [.secret, .hidden, .inviteOnly, .keyed, .accountsOnly, .secureOnly, .operatorsOnly]
        let pins: Set<Fact> = closed.contains(kind) ? [] : [.publicPins, .ownPins]
        switch viewer {
        case .member where kind == .auditorium || kind == .delayed: return Set(Fact.allCases).subtracting([.membership])
        case .member: return Set(Fact.allCases).subtracting([.publicPins]).union(pins)
        case .serverOperator: return Set<Fact>([.existence, .listing, .topic, .membership, .metadata]).union(pins)
        case .guest, .account, .formerMember, .banned, .insecure, .bannedByAccount, .muted:
            switch kind {
            case .open, .accountsOnly, .noOutside, .secureOnly, .operatorsOnly:
                return Set<Fact>([.existence, .listing, .topic, .membership, .metadata]).union(pins)
            case .auditorium, .delayed: return Set<Fact>([.existence, .listing, .topic, .metadata]).union(pins)
            case .inviteOnly, .keyed: return [.existence, .listing, .topic, .membership]
            case .hidden: return [.existence, .topic, .metadata]
            case .secret: return []
            }
        }
    }

    /// Every command that names a channel; `$` is its name, `@` the id of a message in it. What begins with `HTTP` is a command to a
    /// service over HTTP, with the token of the viewer's connection.
    private static let questions = [
        "LIST $", "LIST *", "LIST >0", "NAMES $", "NAMES", "WHO $", "WHO $ %tcnf", "WHO dana", "WHO *", "WHOIS dana", "TOPIC $",
        "TOPIC $ :x",
        "MODE $", "MODE $ +b", "MODE $ b", "MODE $ +e", "MODE $ I", "MODE $ +o dana", "KICK $ dana :x", "KNOCK $", "INVITE dana $",
        "RENAME $ #else",
        "PRIVMSG @$ :x", "TAGMSG @$", "NOTICE $ :x", "PART $", "RELAYMSG $ a/b :x", "PIN $ @", "UNPIN $ @", "PINS $", "REDACT $ @",
        "METADATA $ LIST", "METADATA $ GET about", "METADATA $ SET about :x", "METADATA $ SYNC", "METADATA $ CLEAR",
        "CHATHISTORY LATEST $ * 10",
        "CHATHISTORY BEFORE $ msgid=@ 10", "CHATHISTORY AROUND $ msgid=@ 10",
        "CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00.000Z timestamp=2099-01-01T00:00:00.000Z 50", "SEARCH text=words", "SEARCH in=$",
        "SEARCH $ :words", "MARKREAD $", "TOKEN GENERATE S $", "NS INFO dana", "NS INFO owner", "CS INFO $", "CS AMODE $", "CS LIST *",
        "CS AKICK $ LIST",
        "CS OP $ dana", "CS GETKEY $", "CS REGISTER $", "CS DROP $", "CS STATUS $ dana", "CS UNBAN $", "CS INVITE $", "HISTSERV PLAY $ 5",
        "HISTSERV SEARCH $ words",
        "HISTSERV FORGET $ @", "MONITOR + dana", "MONITOR S", "WHOWAS dana", "USERHOST dana", "ISON dana", "STATS u", "LUSERS",
        "PLAYBACK $",
        "PRIVMSG *playback :PLAY $ 0", "USERIP dana", "SERVLIST $", "HISTSERV FOR owner PLAY $ 5", "HISTSERV FOR owner SEARCH $ words",
        "CS FOR owner GETKEY $", "HTTP NS INFO owner", "HTTP NS INFO dana", "HTTP CS INFO $", "HTTP CS AMODE $", "HTTP CS GETKEY $",
        "HTTP CS LIST *", "HTTP CS HOWTOBAN $ dana", "HTTP CS INVITE $", "HTTP CS GET $", "HTTP HISTSERV PLAY $ 5",
        "HTTP HISTSERV SEARCH $ words", "HTTP HISTSERV FOR owner PLAY $ 5", "HTTP NS SESSIONS",
    ]

    /// A channel with something to hide, and somebody who looks at it.
    private struct Scene {
        let test: TestWorld
        let viewer: TestClient
        let messageID: String
        /// What its connection shows over HTTP; guests have none that counts.
        let bearer: String

        /// What is answered over HTTP to a command such as `CS INFO #c`.
        @LoopActor func askOverHTTP(_ words: String) async -> [String] {
            let parts = words.split(separator: " ", maxSplits: 1).map(String.init)
            do {
                return try await test.world.command(parts[0], parts[1], by: .person(bearer: bearer)).lines
            } catch {
                return ["\(error)"]
            }
        }
    }

    private func scene(_ kind: Kind, _ viewer: Viewer) async throws -> Scene {
        let test = try await TestWorld { $0.tokenServices = [.init(name: "S", url: "https://s.test", addresses: [], description: "S")] }
        let owner = try await test.logIn("owner", capabilities: "message-tags echo-message draft/metadata-2")
        let dana = try await test.logIn("dana")
        await owner.send("JOIN #c", "TOPIC #c :secrettopic", "METADATA #c SET about :secretvalue")
        if kind == .delayed { await owner.send("MODE #c +D") }
        await dana.send("JOIN #c")
        let capabilities = "batch message-tags draft/chathistory draft/metadata-2 draft/multiline draft/channel-rename draft/relaymsg"
        let looker: TestClient =
            switch viewer {
            case .serverOperator: try await test.operate("looker", capabilities: capabilities)
            case .guest, .insecure: await test.join("looker", capabilities: capabilities, secure: viewer == .guest)
            default: try await test.logIn("looker", capabilities: capabilities)
            }
        switch viewer {
        case .member: await looker.send("JOIN #c")
        case .formerMember: await looker.send("JOIN #c", "PART #c")
        case .banned: await owner.send("MODE #c +b looker!*@*")
        case .bannedByAccount: await owner.send("MODE #c +b account:looker")
        case .muted: await owner.send("MODE #c +b m:a:looker")
        default: break
        }
        let setter = kind == .operatorsOnly ? try await test.operate("root") : owner
        await setter.send("\(kind == .operatorsOnly ? "SAMODE" : "MODE") #c +\(kind.rawValue) \(kind == .keyed ? "key" : "")")
        try #require(test.world.channels["#c"]?.modes.text(showingKey: true).first?.contains(kind.rawValue) == true)
        await owner.send("CS REGISTER #c")
        owner.clear()
        await owner.send("PRIVMSG #c :secretwords words")
        let id = String(try #require(owner.lines.last?.split(separator: "msgid=").last?.prefix(26)))
        await owner.send("PIN #c \(id)")
        looker.clear()
        return Scene(test: test, viewer: looker, messageID: id, bearer: test.world.apiBearers.issue(to: looker.session))
    }

    @Test(arguments: Kind.allCases, Viewer.allCases)
    func nothingElseComesToLight(_ kind: Kind, _ viewer: Viewer) async throws {
        let scene = try await scene(kind, viewer)
        let looker = scene.viewer
        var known: [Fact: String] = [:]
        func learn(_ fact: Fact, _ question: String, when isKnown: Bool) { if isKnown, known[fact] == nil { known[fact] = question } }
        for template in Self.questions {
            func ask(_ name: String) async -> [String] {
                // What happens at the end of the turn belongs to it; ids and times of answers differ in any case.
                let question = template.replacing("$", with: name)
                    .replacing("@", with: template.contains("@$") ? "@" : scene.messageID)
                if question.hasPrefix("HTTP ") { return await scene.askOverHTTP(String(question.dropFirst(5))) }
                return await looker.ask(question).map { $0.hasPrefix("@") ? String($0.drop { $0 != " " }) : $0 }
            }
            // A member would leave, or be another one afterwards.
            if viewer == .member, template.hasPrefix("PART") { continue }
            let other = await ask("#d").map { $0.replacing("#d", with: "#c") }
            let answer = await ask("#c")
            let text = answer.joined(separator: "\n")
            if template.contains("$") { learn(.existence, template, when: answer.map(Self.plain) != other.map(Self.plain)) }
            learn(.existence, template, when: !template.contains("$") && text.contains("#c"))
            learn(.listing, template, when: template == "LIST *" && answer.contains { $0.contains(" 322 looker #c ") })
            learn(.topic, template, when: text.contains("secrettopic"))
            learn(.metadata, template, when: text.contains("secretvalue"))
            learn(.words, template, when: text.contains("secretwords"))
            let membership = answer.contains { line in
                line.contains("dana")
                    && (line.contains(" 353 ") || line.contains(" 352 ") || line.contains(" 354 ") || line.contains(" 319 "))
                    && line.contains("#c")
            }
            learn(.membership, template, when: membership)
        }
        let pins = try await scene.test.world.pins(of: "#c", for: nil)?.pins
        learn(.publicPins, "GET pins", when: pins?.isEmpty == false)
        let own = try await scene.test.world.pins(of: "#c", for: .person(bearer: scene.bearer))?.pins
        learn(.ownPins, "GET pins with a token", when: own?.isEmpty == false)
        for fact in Fact.allCases {
            let mayKnow = Self.expected(viewer, kind).contains(fact)
            #expect(
                (known[fact] != nil) == mayKnow,
                "\(viewer) \(mayKnow ? "does not learn" : "learns") the \(fact) of +\(kind.rawValue) by \(known[fact] ?? "anything")")
        }
    }

    /// An answer without what differs each time.
    private static func plain(_ line: String) -> String {
        line.replacing(/[+-][0-9a-z]+ (draft|chathistory|soju)/, with: "+x ").replacing(/BATCH -[0-9a-z]+/, with: "BATCH -x")
            .replacing(/TOKEN GENERATE S :.*/, with: "TOKEN")
    }

    /// A server that is not for everybody shows nothing to everybody.
    @Test func pinsArePublicOnlyWhereTheServerIs() async throws {
        for isClosed in [false, true] {
            for change: (inout ServerConfiguration) -> Void in [
                { $0.passwordHash = isClosed ? "x" : nil }, { $0.accounts.allowed = isClosed ? [.account("ann")] : [] },
            ] {
                let test = try await TestWorld()
                let ann = try await test.logIn("ann", in: "#c")
                let bearer = test.world.apiBearers.issue(to: ann.session)
                change(&test.world.configuration)
                #expect((try await test.world.pins(of: "#c", for: nil) == nil) == isClosed)
                #expect(try await test.world.pins(of: "#c", for: .person(bearer: bearer)) != nil)
                #expect((try await test.world.pins(of: "#c", for: .administrator("a test")) == nil) == isClosed)
            }
        }
    }

    /// A mask over channels tells whoever sets it who is in them.
    @Test(arguments: ["s", "p", "i"])
    func masksFindNobodyInHiddenChannels(_ mode: String) async throws {
        let test = try await TestWorld()
        let (dana, eve) = (await test.join("dana", in: "#hidden"), try await test.logIn("eve", in: "#x"))
        await dana.send("MODE #hidden +\(mode)", "JOIN #x", "JOIN #open")
        await eve.send("CS REGISTER #x", "CS AKICK #x ADD c:#hid*")
        #expect(test.world.channels["#x"]?[dana.client] != nil)
        await eve.send("CS AKICK #x ADD c:#open")
        #expect(test.world.channels["#x"]?[dana.client] == nil)
    }
}
