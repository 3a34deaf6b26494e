import Server
import Testing

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false), ("10.0.0.0/8", "10.255.0.1", true),
        ("10.0.0.0/8", "11.0.0.0", false), ("10.1.2.3/8", "10.9.9.9", true), ("192.0.2.128/25", "192.0.2.129", true),
        ("192.0.2.128/25", "192.0.2.127", false), ("0.0.0.0/0", "203.0.113.9", true), ("0.0.0.0/0", "::1", false),
        ("2001:db8::/33", "2001:db8:7fff::1", true), ("2001:db8::/33", "2001:db8:8000::1", false), ("::/0", "::1", true),
        ("::1", "0:0:0:0:0:0:0:1", true), ("10.0.0.0/8", "", false), ("10.0.0.0/8", "localhost", false),
    ])
    func addressesInAndOut(_ range: String, _ address: String, _ isInside: Bool) {
        #expect(AddressRange(range)?.contains(address) == isInside)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0/8", "::/129", "localhost/8", "10.0.0.0/8/8", "10.0.0.0/+8x",
    ])
    func whatIsNoRange(_ text: String) {
        #expect(AddressRange(text) == nil)
    }
}
