import AsyncHTTPClient
import Foundation
import Logging
import MainLoop
import NIOCore
import NIOPosix
import RoostTesting
import Synchronization
import Testing

@testable import ATProto

/// Addresses and answers of name servers that are meant to lead this server to something private. A listener on this machine
/// plays the private thing; nothing may ever connect to it.
@Suite struct HostileAddressTests {
    /// PORT stands for the port of the private listener.
    private static let urls = [
        // Literal addresses in every way of writing.
        "https://127.0.0.1:PORT/", "http://127.0.0.1:PORT/", "https://127.1:PORT/", "https://127.0.1:PORT/", "https://0.0.0.0:PORT/",
        "https://0:PORT/", "https://2130706433:PORT/", "https://0x7f000001:PORT/", "https://0x7f.0.0.1:PORT/",
        "https://0x7f.0x0.0x0.0x1:PORT/",
        "https://017700000001:PORT/", "https://0177.0.0.1:PORT/", "https://127.0.0.1.:PORT/", "https://127.000.000.001:PORT/",
        "https://[::1]:PORT/", "https://[::]:PORT/", "https://[::ffff:127.0.0.1]:PORT/", "https://[::ffff:7f00:1]:PORT/",
        "https://[::127.0.0.1]:PORT/", "https://[64:ff9b::127.0.0.1]:PORT/", "https://[64:ff9b::7f00:1]:PORT/",
        "https://[2002:7f00:1::]:PORT/",
        "https://[0:0:0:0:0:0:0:1]:PORT/", "https://[fe80::1%25lo]:PORT/", "https://[fd00::1]/", "https://[fe80::1]/",
        "https://10.0.0.1/",
        "https://172.16.0.1/", "https://192.168.0.1/", "https://169.254.169.254/latest/meta-data/", "https://[fd00:ec2::254]/",
        "https://100.100.100.200/", "https://8.8.8.8/", "https://１２７.０.０.１:PORT/", "https://127。0。0。1:PORT/", "https://①②⑦.⓪.⓪.①:PORT/",
        // Names of this machine and of networks like it.
        "https://localhost:PORT/", "https://LOCALHOST:PORT/", "https://localhost.:PORT/", "https://a.localhost:PORT/",
        "https://ip6-localhost:PORT/",
        "https://host:PORT/", "https://printer.local/", "https://db.internal/", "https://metadata.google.internal/", "https://a.onion/",
        "https://a.test:PORT/", "https://a.example/", "https://a.invalid/", "https://a.arpa/", "https://a.alt/",
        "https://evil.example.com./",
        "https://lоcalhost:PORT/", "https://loc\u{AD}alhost:PORT/", "https://local%68ost:PORT/", "https://127.0.0.1%2e:PORT/",
        "https://%31%32%37.0.0.1:PORT/",
        // Users, fragments, schemes and other tricks of spelling.
        "https://pds.example.com@127.0.0.1:PORT/", "https://127.0.0.1:PORT@pds.example.com/", "https://user@pds.example.com/",
        "https://:@pds.example.com/", "https://pds.example.com\\@127.0.0.1:PORT/", "https://127.0.0.1:PORT#@pds.example.com/",
        "https://pds.example.com#@127.0.0.1:PORT/", "http://pds.example.com/", "ftp://pds.example.com/", "file:///etc/passwd",
        "gopher://127.0.0.1:PORT/", "unix:///run/docker.sock", "//127.0.0.1:PORT/", "127.0.0.1:PORT", "https:127.0.0.1:PORT", "https://",
        "https:///127.0.0.1:PORT/", "https://pds.example.com:0/", "https://pds.example.com:65536/",
        "https://pds.example.com:99999999999999999999/",
        "https://pds.example.com:-1/", "https://127.0.0.1:PORT/\r\nHost: pds.example.com", "https://127.0.0.1:PORT\t/",
        "https://a..example.com/",
        "https://.example.com/", "https://-a.example.com/", "https://a_b.example.com/", "https://a b.example.com/",
        "https://a\0.example.com/",
        "https://[127.0.0.1]:PORT/", "https://[::1/", "https://*.example.com/", "https://" + String(repeating: "a.", count: 200) + "com/",
        "https://" + String(repeating: "a", count: 64) + ".example.com/",
        "https://pds.example.com/" + String(repeating: "a", count: 2100),
    ]

    /// What the name server answers for a name like any other.
    private static let answers: [[String]] = [
        ["127.0.0.1"], ["127.255.255.254"], ["0.0.0.0"], ["10.0.0.1"], ["100.64.0.1"], ["169.254.169.254"], ["172.31.255.255"],
        ["192.168.1.1"],
        ["192.0.0.1"], ["198.18.0.1"], ["224.0.0.1"], ["255.255.255.255"], ["::1"], ["::"], ["::ffff:127.0.0.1"], ["::ffff:10.0.0.1"],
        ["::127.0.0.1"], ["64:ff9b::7f00:1"], ["64:ff9b::a9fe:a9fe"], ["64:ff9b:1::7f00:1"], ["2002:7f00:1::"], ["fe80::1"],
        ["fd00:ec2::254"],
        ["fc00::1"], ["ff02::1"], ["2001:db8::1"], ["2001::1"], ["8.8.8.8", "127.0.0.1"], ["127.0.0.1", "8.8.8.8"],
        ["8.8.8.8", "::1"], (1...20).map { "8.8.8.\($0)" } + ["192.168.0.1"],
    ]

    @Test func theTableIsLong() {
        #expect(Set(Self.urls).count + Set(Self.answers).count >= 100)
    }

    @Test func noneReachesAPrivateListener() async throws {
        try await withATProtoPeer { peer in
            let listener = try await PrivateListener()
            let server = peer.nameServer.split(separator: ":")
            let nameServer = NetworkPolicy.Server(host: String(server[0]), port: try #require(Int(server[1])))
            var policy = try #require(NetworkPolicy())
            policy.dnsServer = nameServer
            let fetcher = HardenedFetcher(
                policy: policy, dns: DNSClient(servers: [nameServer], tries: 2, tryTime: .seconds(20)),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            func refusal(_ url: String) async -> Bool {
                do throws(FetchError) {
                    let limits = FetchLimits(bytes: 1000, time: .seconds(100))
                    _ = try await fetcher.fetch(FetchRequest(method: "GET", url: url, limits: limits))
                } catch {
                    if case .refused = error { return true }
                }
                return false
            }
            for url in Self.urls {
                #expect(await refusal(url.replacingOccurrences(of: "PORT", with: "\(listener.port)")), "\(url)")
            }
            for addresses in Self.answers {
                peer.setName("pds.hostile.com", .addresses(addresses))
                #expect(await refusal("https://pds.hostile.com:\(listener.port)/"), "\(addresses)")
            }
            #expect(listener.count == 0)
            await fetcher.shutdown()
            try await listener.close()
        }
    }

    @LoopActor private func reach(_ url: String, host: String, at address: String) async {
        let clients = PinnedClients(extraCAFile: nil, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        guard let lease = clients.lease(host: host, address: address) else { return }
        _ = try? await lease.client.get(url: url).get()
        clients.giveBack(lease)
        await clients.shutdown()
    }

    /// The name leads elsewhere after it was checked, and a redirect leads there too: neither is followed.
    @Test func whatIsConnectedToIsWhatWasChecked() async throws {
        try await withATProtoPeer { peer in
            let (checked, hidden) = (try await PrivateListener(), try await PrivateListener(on: "127.0.0.2"))
            let server = peer.nameServer.split(separator: ":")
            var policy = try #require(NetworkPolicy())
            policy.allowLoopback = true
            policy.dnsServer = NetworkPolicy.Server(host: String(server[0]), port: try #require(Int(server[1])))
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            peer.setName("rebind.test", .addresses(["127.0.0.1"]))
            let url = try CheckedURL("http://rebind.test:\(checked.port)/", policy: policy)
            let addresses = try await AddressLookup(policy: policy, dns: DNSClient(policy: policy)).addresses(of: url)
            #expect(addresses == ["127.0.0.1"])
            // The next answer would lead to the other listener.
            peer.setName("rebind.test", .addresses(["127.0.0.2"]))
            await reach("http://rebind.test:\(checked.port)/", host: url.origin.host, at: addresses[0])
            #expect(checked.count >= 1)

            let fetcher = HardenedFetcher(policy: policy, dns: DNSClient(policy: policy), logger: logger)
            // The whole way: the system's resolver knows no such name, so whoever asked it would get nowhere.
            peer.setName("rebind.test", .addresses(["127.0.0.1"]))
            let before = checked.count
            _ = try? await fetcher.fetch(
                FetchRequest(
                    method: "GET", url: "http://rebind.test:\(checked.port)/", limits: FetchLimits(bytes: 1024, time: .seconds(100))))
            #expect(checked.count > before)
            peer.add(PeerFault(.redirect(to: "http://127.0.0.2:\(hidden.port)/"), at: .resourceMetadata))
            let answer = try await fetcher.fetch(
                FetchRequest(
                    method: "GET", url: peer.origins.pds + "/.well-known/oauth-protected-resource",
                    limits: FetchLimits(bytes: 64 << 10, time: .seconds(100))))
            #expect((300..<400).contains(answer.status))
            #expect(hidden.count == 0)
            await fetcher.shutdown()
            try await checked.close()
            try await hidden.close()
        }
    }
}

/// Counts who connects, and closes.
private final class PrivateListener: Sendable {
    private let connections: Connections
    private let channel: any Channel
    let port: Int

    init(on address: String = "127.0.0.1") async throws {
        let connections = Connections()
        self.connections = connections
        channel = try await ServerBootstrap(group: LoopActor.group)
            .childChannelInitializer { child in
                connections.count.add(1, ordering: .relaxed)
                return child.close()
            }
            .bind(host: address, port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    var count: Int { connections.count.load(ordering: .relaxed) }

    func close() async throws { try await channel.close() }

    private final class Connections: Sendable {
        let count = Atomic(0)
    }
}
