import NIOHTTP1
import Server
import Testing

@testable import Sidecar

@Suite struct RequestPartsTests {
    @Test func targetsAreTakenApart() throws {
        let target = try #require(RequestTarget("/a/b?x=1&y=a%20b+c&z&x=2&%65=e&bad=%zz&cut=%e"))
        #expect(target.path == "/a/b")
        #expect(target.item("x") == "1")
        #expect(target.item("y") == "a b c")
        #expect(target.item("z") == "")
        #expect(target.item("e") == "e")
        #expect(target.item("bad") == nil)
        #expect(target.item("cut") == nil)
        #expect(target.item("none") == nil)
        #expect(RequestTarget("/?a=b?c=d")?.item("a") == "b?c=d")
    }

    @Test(arguments: ["", "*", "a", "http://irc.test/health", "/a b", "/\u{7F}", "/é"])
    func otherTargetsAreRefused(_ text: String) {
        #expect(RequestTarget(text) == nil)
    }

    @Test(arguments: [("1", true), ("true", true), ("YES", true), ("0", false), ("", false), ("on", false)])
    func flags(_ value: String, _ expected: Bool) {
        #expect(RequestTarget("/?f=\(value)")?.flag("f") == expected)
    }

    @Test func failuresAreCountedPerAddressAndWindow() {
        var throttle = AddressThrottle(limit: 2, span: .seconds(60), capacity: 3)
        throttle.count("a", at: .zero)
        #expect(throttle.wait(for: "a", at: .zero) == nil)
        throttle.count("a", at: .seconds(10))
        #expect(throttle.wait(for: "a", at: .seconds(20)) == .seconds(40))
        #expect(throttle.wait(for: "b", at: .seconds(20)) == nil)
        #expect(throttle.wait(for: "a", at: .seconds(60)) == nil)
    }

    @Test func noMoreAddressesAreRememberedThanTheBound() {
        var throttle = AddressThrottle(limit: 1, span: .seconds(60), capacity: 3)
        for number in 0..<10 {
            throttle.count("\(number)", at: .seconds(number))
            #expect(throttle.addresses <= 3)
        }
        #expect(throttle.wait(for: "9", at: .seconds(10)) != nil)
        #expect(throttle.wait(for: "6", at: .seconds(10)) == nil)
    }

    @Test func oneSixtyFourIsOneCaller() {
        #expect(AddressGroup("2001:db8:1:2::1").key == AddressGroup("2001:db8:1:2:ffff::9").key)
        #expect(AddressGroup("2001:db8:1:2::1").key != AddressGroup("2001:db8:1:3::1").key)
        #expect(AddressGroup("192.0.2.1").key != AddressGroup("192.0.2.2").key)
        #expect(AddressGroup("::1").isLoopback && AddressGroup("127.0.0.2").isLoopback && !AddressGroup("192.0.2.1").isLoopback)
    }
}

@Suite struct RebindingTests {
    private let policy = OriginPolicy(own: "https://irc.example.com", others: [])

    /// A page that was loaded from a name which leads here for a moment has that name as its origin and as the host.
    @Test(arguments: [
        ("https://irc.example.com", "irc.example.com", true), ("http://127.0.0.1:8080", "127.0.0.1:8080", true),
        ("http://[::1]:8080", "[::1]:8080", true), ("http://localhost:8080", "localhost:8080", true),
        ("http://irc.example.com:8080", "irc.example.com:8080", true), ("http://evil.example", "evil.example", false),
        ("http://evil.example:8080", "evil.example:8080", false), ("http://127.0.0.1.evil.example", "127.0.0.1.evil.example", false),
        ("http://evil.example", "127.0.0.1", false), ("http://", "", false),
    ])
    func onlyKnownNamesAreOurs(_ origin: String, _ host: String, _ mayAct: Bool) {
        #expect(policy.mayAct(origin, host: host) == mayAct)
    }
}
