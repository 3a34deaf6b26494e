import ATProto
import Testing

@Suite struct DIDTests {
    @Test(arguments: [
        "did:plc:abcdefghijklmnopqrstuvwx", "did:plc:234567abcdefghijklmnopqr", "did:web:example.com", "did:web:sub.example.com",
        "did:web:localhost%3A8080", "did:web:localhost",
    ])
    func takes(_ text: String) {
        #expect(DID(text)?.text == text)
    }

    @Test(arguments: [
        "", "did", "did:", "did:plc", "did:plc:", "did:plc:short", "did:plc:ABCDEFGHIJKLMNOPQRSTUVWX", "did:plc:abcdefghijklmnopqrstuvw1",
        "did:web:", "did:web:nodots", "did:web:example.com:path", "did:web:example.com%3A80", "did:web:10.0.0.1", "did:web:a_b.com",
        "did:web:localhost%3A", "did:key:zzz", "did:method:x", "DID:plc:abcdefghijklmnopqrstuvwx", "did:plc:abcdefghijklmnopqrstuvwx#f",
    ])
    func refuses(_ text: String) {
        #expect(DID(text) == nil)
    }

    @Test func aLongOneIsRefused() {
        #expect(DID("did:web:" + String(repeating: "a.", count: 1100) + "com") == nil)
    }
}

@Suite struct HandleTests {
    @Test(arguments: [
        ("Alice.Bsky.Social", "alice.bsky.social"), ("@a.co", "a.co"), ("xn--ls8h.test", "xn--ls8h.test"), ("a-b.c1.io", "a-b.c1.io"),
    ])
    func takesAndLowers(_ text: String, _ expected: String) {
        #expect(Handle(text)?.text == expected)
    }

    @Test(arguments: [
        "", "alice", "alice.", ".alice.com", "a..b.com", "-a.com", "a-.com", "a.1com", "a.0", "a b.com", "a_b.com", "é.com", "a.com/x",
        "@@a.com",
        "127.0.0.1",
    ])
    func refuses(_ text: String) {
        #expect(Handle(text) == nil)
    }

    @Test func boundsLabelsAndLength() {
        let label = String(repeating: "a", count: 63)
        #expect(Handle(label + ".com") != nil)
        #expect(Handle(label + "a.com") == nil)
        #expect(Handle([label, label, label, label].joined(separator: ".")) == nil)
    }

    @Test(arguments: ["a.local", "a.internal", "a.onion", "handle.invalid", "a.example", "a.arpa", "a.alt", "a.localhost"])
    func reservedDomainsDoNotResolve(_ text: String) throws {
        #expect(try !#require(Handle(text)).isResolvable(allowingTest: true))
    }

    @Test func testIsForTests() throws {
        let handle = try #require(Handle("alice.test"))
        #expect(handle.isResolvable(allowingTest: true))
        #expect(!handle.isResolvable(allowingTest: false))
    }
}
