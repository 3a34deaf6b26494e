import Testing

@testable import ATProto

@Suite struct AddressTests {
    @Test(arguments: [
        "8.8.8.8", "1.1.1.1", "193.0.6.139", "2606:4700::1111", "2a00:1450:4001:81b::200e", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8",
    ])
    func ofTheInternet(_ address: String) {
        #expect(AddressPolicy.isPublic(address))
    }

    @Test(arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.1.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
        "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::10.0.0.1", "2002:0a00:0001::1", "fe80::1",
        "fc00::1", "fd12::1",
        "ff02::1", "2001:db8::1", "2001::1", "3fff::1", "100::1", "5f00::1", "nonsense", "",
    ])
    func notOfTheInternet(_ address: String) {
        #expect(!AddressPolicy.isPublic(address))
    }

    @Test func theMachineItself() {
        for address in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] { #expect(AddressPolicy.isLoopback(address)) }
        for address in ["10.0.0.1", "::2", "8.8.8.8", "x"] { #expect(!AddressPolicy.isLoopback(address)) }
    }

    @Test(arguments: ["https://pds.example.com", "https://pds.example.com:8443/xrpc", "https://a.b.co/x?y=z"])
    func goodAddresses(_ url: String) throws {
        _ = try CheckedURL(url, policy: #require(NetworkPolicy()))
    }

    @Test(arguments: [
        "http://pds.example.com", "https://1.2.3.4", "https://[2606:4700::1111]", "https://0x7f000001", "https://2130706433",
        "https://host", "https://localhost",
        "https://a.local", "https://a.test", "https://u:p@pds.example.com", "https://pds.example.com/#f", "ftp://pds.example.com",
        "https://", "pds.example.com",
        "https://a.internal", "https://a.onion", "https://127.0.0.1", "https://pds.example.com.", "https://ex ample.com",
    ])
    func badAddresses(_ url: String) throws {
        let policy = try #require(NetworkPolicy())
        #expect(throws: FetchError.self) { try CheckedURL(url, policy: policy) }
    }

    @Test(arguments: ["http://127.0.0.1:8080/x", "http://localhost:1", "http://[::1]:80", "http://pds.test:1234"])
    func developmentAddresses(_ url: String) throws {
        var policy = try #require(NetworkPolicy())
        policy.allowLoopback = true
        _ = try CheckedURL(url, policy: policy)
    }

    @Test func originsAreJustOrigins() {
        #expect(Origin("HTTPS://Example.COM:443/")?.text == "https://example.com")
        #expect(Origin("http://127.0.0.1:8080")?.text == "http://127.0.0.1:8080")
        for bad in ["", "example.com", "https://a/b", "https://a?x", "https://a#x", "https://u@a", "ftp://a", "https://"] {
            #expect(Origin(bad) == nil)
        }
        #expect(Origin(of: "https://a.example.com/x?y#z")?.text == "https://a.example.com")
    }
}
