import Testing

@testable import Settings

@Suite struct GatewayTests {
    @Test func theWrittenFormIsRead() throws {
        let gateway = try Gateway("kiwi $argon2id$v=19$m=1,t=2,p=1$a$b 203.0.113.5,2001:db8::1")
        #expect(gateway.name == "kiwi" && gateway.password == "$argon2id$v=19$m=1,t=2,p=1$a$b")
        #expect(gateway.addresses == ["203.0.113.5", "2001:db8::1"])
        #expect(try Gateway(gateway.description) == gateway)
    }

    @Test(arguments: ["", "kiwi", "kiwi password", "kiwi password host.example", "kiwi password 0.0.0.0", "kiwi a b 203.0.113.5"])
    func mistakesAreNamed(_ text: String) {
        #expect(throws: ValueError.self) { try Gateway(text) }
    }
}

@Suite struct WordFormatTests {
    @Test(arguments: [
        ("https://example.com/i.png", true), ("http://example.com/i.png", false), ("https://a b", false),
        ("https://" + String(repeating: "a", count: 293), false),
    ])
    func iconsAreAddresses(_ text: String, _ isGood: Bool) {
        #expect(((try? Format<String>.webAddress.read(.string(text), ReadingContext(directory: "/"))) != nil) == isGood)
    }

    @Test(arguments: [
        ("*", true), ("typing", true), ("-draft/react", true), ("+typing", false), ("", false), ("-*", false), ("a,b", false),
    ])
    func rulesAreNamesOfTags(_ text: String, _ isGood: Bool) {
        #expect(((try? Format<String>.tagRule.read(.string(text), ReadingContext(directory: "/"))) != nil) == isGood)
    }

    @Test(arguments: [
        ("192.0.2.1", true), ("10.0.0.0/8", true), ("2001:db8::/32", true), ("::/0", true), ("10.0.0.0/33", false), ("::/129", false),
        ("host.example", false), ("10.0.0.0/", false), ("", false), ("10.0.0.0/8/8", false),
    ])
    func networksAreAddressesWithALength(_ text: String, _ isGood: Bool) {
        #expect(((try? Format<String>.addressRange.read(.string(text), ReadingContext(directory: "/"))) != nil) == isGood)
    }

    @Test(arguments: [
        ("did:plc:ewvi7nxzyoun6zhxrhs64oiz", true), ("did:web:example.com", true), ("did:key:z6Mk", true), ("did:plc:", false),
        ("did:other:x", false), ("did:plc", false), ("alice", false), ("", false), ("did:web:a b", false), ("did:web:a/b", false),
    ])
    func operatorsAreDIDs(_ text: String, _ isGood: Bool) {
        let context = ReadingContext(directory: "/")
        #expect(((try? Format<String>.did.read(.string(text), context)) != nil) == isGood)
        // A name alone may be that of an account.
        #expect(((try? Format<String>.allowedIdentity.read(.string(text), context)) != nil) == (isGood || text == "alice"))
    }

    @Test(arguments: [
        ("example.com", true), ("a.example.com", true), ("*.example.com", false), (".example.com", false), ("a b.example.com", false),
        ("ann_", true), ("#c", false), ("ann@phone", false), (String(repeating: "a", count: 33), false),
    ])
    func thoseAllowedAreDomainsAndAccountsToo(_ text: String, _ isGood: Bool) {
        #expect(((try? Format<String>.allowedIdentity.read(.string(text), ReadingContext(directory: "/"))) != nil) == isGood)
    }

    @Test func aLongListMayBeLonger() throws {
        let names = (0..<10_001).map { TOMLNode.string("n\($0)") }
        let format = Format<String>.allowedIdentity.list(atMost: 10_000)
        #expect(try format.read(.array(Array(names.dropLast())), ReadingContext(directory: "/")).count == 10_000)
        #expect(throws: ValueError.self) { try format.read(.array(names), ReadingContext(directory: "/")) }
    }

    @Test(arguments: ["", "a/b", "../secret.key", ".", "..", "a:b", "a b", "caf\u{e9}", String(repeating: "x", count: 256)])
    func aCredentialHasTheNameOfAFile(_ name: String) {
        let format = Format<String>.credentialName
        #expect(throws: ValueError.self) { try format.read(.string(name), ReadingContext(directory: "/")) }
        #expect((try? format.read(.string("roost.key"), ReadingContext(directory: "/"))) == "roost.key")
    }
}
