import ATProto
import Accounts
import Crypto
import Foundation
import MainLoop
import Testing

@testable import Server

@LoopActor @Suite struct CloakTests {
    private let cloak = Cloak(key: SymmetricKey(data: Data(repeating: 1, count: 32)))

    @Test(arguments: [
        ("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaa.plc"), ("did:web:example.com", "example.com.web"),
    ])
    func anIdentityIsReadable(_ did: String, _ host: String) {
        #expect(cloak.host(for: Identity(account: did, did: DID(did))) == host)
    }

    /// Everybody's lines would be cut for the sake of one long name.
    @Test func longNamesBecomeACode() {
        let names = ["a", "b"].map {
            "did:web:" + Array(repeating: $0 + String(repeating: "x", count: 50), count: 4).joined(separator: ".") + ".com"
        }
        let hosts = names.map { cloak.host(for: Identity(account: $0, did: DID($0))) }
        #expect(hosts.allSatisfy { $0.utf8.count <= Cloak.hostLimit && $0.hasSuffix(".web") } && hosts[0] != hosts[1])
    }

    @Test func guestsOfOneNetworkHaveOneHost() {
        #expect(cloak.host(forAddress: "2001:db8::1") == cloak.host(forAddress: "2001:db8::2"))
        #expect(cloak.host(forAddress: "2001:db8:0:1::1") != cloak.host(forAddress: "2001:db8::1"))
        #expect(Cloak(key: SymmetricKey(size: .bits256)).host(forAddress: "192.0.2.1") != cloak.host(forAddress: "192.0.2.1"))
    }
}
