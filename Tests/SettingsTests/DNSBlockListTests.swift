import Settings
import Testing

@Suite struct DNSBlockListTests {
    @Test(arguments: ["dnsbl.example.org 3,5-7 reject", "bl.test * mark", "bl.test 0-255 require-login"])
    func isWrittenAsItWasRead(_ text: String) throws { #expect(try DNSBlockList(text).description == text) }

    @Test(arguments: [
        "", "bl.test", "bl.test * ban", "bl * mark", "bl.test 256 mark", "bl.test 7-5 mark", "bl.test 3, mark", "bl.test 1-2-3 mark",
    ])
    func isNone(_ text: String) { #expect(throws: ValueError.self) { try DNSBlockList(text) } }
}
