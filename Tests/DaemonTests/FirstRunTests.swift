import Daemon
import Settings
import Testing

@Suite struct FirstRunTests {
    /// Counts up, so that the codes of a test are known.
    private struct Counter: RandomNumberGenerator {
        var value: UInt64 = 0

        mutating func next() -> UInt64 {
            value &+= 0x0800_0000_0000_0000
            return value
        }
    }

    @Test func codesAreGroupedAndEasyToCopy() {
        var generator = SystemRandomNumberGenerator()
        let one = ClaimCode(using: &generator)
        let other = ClaimCode(using: &generator)
        #expect(one != other)
        #expect(one.description.split(separator: "-").map(\.count) == [5, 5, 5, 5])
        #expect(one.description.allSatisfy { $0 == "-" || "23456789ABCDEFGHJKMNPQRSTVWXYZ".contains($0) })
    }

    private func banner(_ change: (inout Banner) -> Void = { _ in }) -> String {
        var generator = Counter()
        var banner = Banner(
            settings: Settings(), plain: Settings().listen.plain, tls: Settings().listen.tls, http: Settings().listen.http,
            fingerprint: "abcd", hasOwnCertificate: true, claimCode: ClaimCode(using: &generator), dataDirectory: "/data")
        change(&banner)
        return banner.text
    }

    @Test func tellsHowToConnect() {
        var generator = Counter()
        let text = banner()
        #expect(text.contains("/connect -tls -tls_pinned_cert AB:CD 127.0.0.1 6697"))
        #expect(text.contains("/server add roost 127.0.0.1/6697 -tls -tls_fingerprint=abcd"))
        #expect(text.contains("without TLS: 127.0.0.1, port 6667"))
        #expect(text.contains("/OPER owner \(ClaimCode(using: &generator))"))
        #expect(text.contains("/data"))
    }

    @Test func namesTheServerWhenItHasAName() {
        let text = banner { $0.settings.server.name = "irc.example.com" }
        #expect(text.contains("/connect -tls -tls_pinned_cert AB:CD irc.example.com 6697"))
        #expect(text.contains("without TLS: 127.0.0.1, port 6667"))
    }

    @Test func aRealCertificateNeedsNoFingerprint() {
        let text = banner {
            $0.settings.server.name = "irc.example.com"
            $0.hasOwnCertificate = false
        }
        #expect(text.contains("/connect -tls irc.example.com 6697"))
        #expect(!text.contains("AB:CD"))
    }

    @Test func leavesOutWhatIsNotListenedOn() {
        let text = banner {
            $0.tls = []
            $0.http = []
        }
        #expect(!text.contains("TLS: ") || !text.contains("6697"))
        #expect(!text.contains("8080"))
    }
}
