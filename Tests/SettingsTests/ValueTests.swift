import Settings
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [("1 MiB", 1 << 20), ("64KiB", 64 << 10), ("512 B", 512), ("2 GiB", 2 << 30), ("0 B", 0)])
    func sizes(_ text: String, _ bytes: Int) {
        #expect(ByteSize.read(text) == bytes)
    }

    @Test(arguments: ["", "1", "MiB", "1 MB", "-1 B", "1.5 MiB", "1 MiB ", "99999999999999999999 B", "9999999999 GiB", "١ B"])
    func notSizes(_ text: String) {
        #expect(ByteSize.read(text) == nil)
    }

    @Test(arguments: [
        (0, "0 B"), (1, "1 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1536 B"), (32 << 10, "32 KiB"), (3 << 20, "3 MiB"),
    ])
    func sizesAreWrittenExactly(_ bytes: Int, _ text: String) {
        #expect(ByteSize.write(bytes) == text)
        #expect(ByteSize.read(text) == bytes)
    }

    @Test(arguments: [("30 s", 30_000), ("500ms", 500), ("2 min", 120_000), ("1 h", 3_600_000), ("7 d", 604_800_000)])
    func spans(_ text: String, _ milliseconds: Int) {
        #expect(TimeSpan.read(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "30", "30 m", "30 seconds", "-1 s", "9999999999999999 d"])
    func notSpans(_ text: String) {
        #expect(TimeSpan.read(text) == nil)
    }

    @Test(arguments: [(0, "0 ms"), (50, "50 ms"), (1000, "1 s"), (90_000, "90 s"), (120_000, "2 min"), (86_400_000, "1 d")])
    func spansAreWrittenExactly(_ milliseconds: Int, _ text: String) {
        #expect(TimeSpan.write(.milliseconds(milliseconds)) == text)
        #expect(TimeSpan.read(text) == .milliseconds(milliseconds))
    }
}

@Suite struct EndpointTests {
    @Test func readsAndWritesBothFamilies() throws {
        let four = try Endpoint("127.0.0.1:6667")
        #expect(four == Endpoint(host: "127.0.0.1", port: 6667))
        #expect(four.isLoopback && !four.isIPv6 && !four.isWildcard)
        let six = try Endpoint("[::]:6697")
        #expect(six == Endpoint(host: "::", port: 6697))
        #expect(six.description == "[::]:6697")
        #expect(!six.isLoopback && six.isIPv6 && six.isWildcard)
    }

    @Test(arguments: [
        ("6667", "is not an address with a port"), ("127.0.0.1", "is not an address with a port"),
        ("127.0.0.1:70000", "is not an address with a port"),
        (":6667", "write \"0.0.0.0:6667\""), ("*:6667", "write \"0.0.0.0:6667\""), ("localhost:6667", "names are not looked up"),
        ("::1:6667", "needs brackets: \"[::1]:6667\""), ("[127.0.0.1]:1", "is not an IPv6 address"),
        ("256.0.0.1:1", "is not an IP address"),
    ])
    func saysWhatIsWrong(_ text: String, _ message: String) {
        let error = #expect(throws: ValueError.self) { try Endpoint(text) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func collisions() {
        let all = Endpoint(host: "0.0.0.0", port: 6667)
        #expect(all.collides(with: Endpoint(host: "127.0.0.1", port: 6667)))
        #expect(Endpoint(host: "127.0.0.1", port: 6667).collides(with: all))
        #expect(!all.collides(with: Endpoint(host: "::", port: 6667)))
        #expect(!all.collides(with: Endpoint(host: "0.0.0.0", port: 6668)))
        #expect(!Endpoint(host: "127.0.0.1", port: 1).collides(with: Endpoint(host: "127.0.0.2", port: 1)))
        #expect(!Endpoint(host: "127.0.0.1", port: 0).collides(with: Endpoint(host: "127.0.0.1", port: 0)))
    }
}

@Suite struct WebOriginTests {
    @Test(arguments: [
        ("https://irc.example.com", "https://irc.example.com"), ("HTTPS://IRC.Example.com/", "https://irc.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("http://[::1]:8080", "http://[::1]:8080"), ("https://[::1]", "https://[::1]"),
    ])
    func reads(_ text: String, _ origin: String) throws {
        #expect(try WebOrigin.read(text) == origin)
    }

    @Test(arguments: [
        "", "irc.example.com", "ftp://a.example", "https://", "https://a.example/path", "https://a.example?x", "https://user@a.example",
        "https://a b.example", "https://a.example:0", "https://a.example:70000", "https://-a.example", "https://[::1", "https://[zz]:1",
        "https://a..example", "https://a.example#",
    ])
    func refuses(_ text: String) {
        #expect(throws: ValueError.self) { try WebOrigin.read(text) }
    }

    @Test func tellsLoopback() {
        #expect(WebOrigin.isLoopbackAddress("http://127.0.0.1:8080"))
        #expect(WebOrigin.isLoopbackAddress("http://[::1]"))
        #expect(!WebOrigin.isLoopbackAddress("http://localhost:8080"))
        #expect(!WebOrigin.isLoopbackAddress("http://127.0.0.1.evil.example"))
        #expect(WebOrigin.host(of: "https://a.example:1") == "a.example")
    }
}

@Suite struct NearestNameTests {
    @Test(arguments: [
        ("naem", "name"), ("netwrok", "network"), ("send-queue", "send_queue"), ("SendQueue", "send_queue"), ("plian", "plain"),
    ])
    func slips(_ typed: String, _ meant: String) {
        #expect(NearestName.of(typed, among: ["name", "network", "send_queue", "send_queue_age", "plain"]) == meant)
    }

    @Test(arguments: ["colour", "x", "", "completely_different_thing"])
    func strangers(_ typed: String) {
        #expect(NearestName.of(typed, among: ["name", "network", "send_queue"]) == nil)
    }

    @Test func distances() {
        #expect(NearestName.distance(Array("kitten"), Array("sitting")) == 3)
        #expect(NearestName.distance(Array("ab"), Array("ba")) == 1)
        #expect(NearestName.distance([], Array("abc")) == 3)
        #expect(NearestName.distance(Array("abc"), []) == 3)
    }
}
