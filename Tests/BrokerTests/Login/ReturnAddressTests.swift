import ATProto
import Testing

@testable import Broker

@Suite struct ReturnAddressTests {
    private func resolve(_ returnTo: String?, referer: String? = nil) throws -> String? {
        let own = try #require(Origin("https://irc.example.org"))
        let other = try #require(Origin("https://chat.example.org"))
        return ReturnAddress(own: own, others: [other]).resolve(returnTo: returnTo, referer: referer)
    }

    @Test(arguments: [
        ("/", "https://irc.example.org/"), ("/app?x=1", "https://irc.example.org/app?x=1"),
        ("https://chat.example.org", "https://chat.example.org"), ("https://chat.example.org/", "https://chat.example.org/"),
        ("https://chat.example.org/a/b?c=d", "https://chat.example.org/a/b?c=d"),
        ("https://chat.example.org?x", "https://chat.example.org?x"), ("https://irc.example.org/x", "https://irc.example.org/x"),
    ])
    func allows(_ text: String, _ expected: String) throws {
        #expect(try resolve(text) == expected)
    }

    @Test(arguments: [
        "//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "https://evil.example", "http://chat.example.org",
        "https://chat.example.org.evil.example", "https://chat.example.org@evil.example", "https://chat.example.org:8443",
        "https://chat.example.org\\@evil.example", "https://x.chat.example.org", "javascript:alert(1)", "data:text/html,x",
        "chat.example.org", "https:/chat.example.org", "https:chat.example.org", " /x", "/x#oauth=y", "https://chat.example.org/#x",
        "/é", "ftp://chat.example.org/",
    ])
    func refuses(_ text: String) throws {
        #expect(try resolve(text) == nil)
    }

    @Test func withoutOneTheRefererCounts() throws {
        #expect(try resolve(nil, referer: "https://chat.example.org/some/page?x") == "https://chat.example.org")
        #expect(try resolve("", referer: "https://evil.example/") == "https://irc.example.org")
        #expect(try resolve(nil) == "https://irc.example.org")
    }

    @Test func isBounded() throws {
        #expect(try resolve("/" + String(repeating: "x", count: 2047)) != nil)
        #expect(try resolve("/" + String(repeating: "x", count: 2048)) == nil)
    }
}
