import Foundation
import MainLoop
import NIOCore
import NIOPosix

/// Asks for TXT records.
package protocol TextLookup: Sendable {
    /// The texts of all TXT records of `name`; none when it has none. Throws when nobody knows.
    func texts(of name: String) async throws(DNSError) -> [String]
}

/// Asks for A records.
package protocol IPv4Lookup: Sendable {
    /// The IPv4 addresses of `name`, as text; none when it has none. Throws when nobody knows.
    func ipv4Addresses(of name: String) async throws(DNSError) -> [String]
}

/// Why a name server gave no answer.
package enum DNSError: Error, Sendable, Hashable, CustomStringConvertible {
    case badName
    case noAnswer
    case serverFailure(code: UInt8)

    package var description: String {
        switch self {
        case .badName: "not a name that can be asked for"
        case .noAnswer: "no name server answered"
        case .serverFailure(let code): "the name server failed (code \(code))"
        }
    }
}

/// A small DNS client: one socket with a random port and a random id per question, three tries per server, TCP when an
/// answer does not fit.
package final class DNSClient: TextLookup, IPv4Lookup {
    private let servers: [NetworkPolicy.Server]
    private let tryTime: TimeAmount
    private let tries: Int

    /// - Parameter policy: its `dnsServer`, or those of /etc/resolv.conf.
    package convenience init(policy: NetworkPolicy) {
        self.init(servers: policy.dnsServer.map { [$0] } ?? Self.systemServers())
    }

    init(servers: [NetworkPolicy.Server], tries: Int = 3, tryTime: TimeAmount = .seconds(2)) {
        (self.servers, self.tries, self.tryTime) = (servers, tries, tryTime)
    }

    package func texts(of name: String) async throws(DNSError) -> [String] {
        try await ask(name, .txt)
    }

    package func ipv4Addresses(of name: String) async throws(DNSError) -> [String] {
        try await ask(name, .a)
    }

    /// The addresses of `name`, IPv4 before IPv6, as text.
    func addresses(of name: String) async throws(DNSError) -> [String] {
        let v4 = try await ask(name, .a)
        // A server that fails at AAAA only does not take the IPv4 addresses away.
        let v6 = (try? await ask(name, .aaaa)) ?? []
        return v4 + v6
    }

    private func ask(_ name: String, _ type: DNSMessage.RecordType) async throws(DNSError) -> [String] {
        var failure = DNSError.noAnswer
        for _ in 0..<tries {
            for server in servers {
                let id = UInt16.random(in: .min ... .max)
                guard let question = DNSMessage.question(id: id, name: name, type: type) else { throw .badName }
                let exchange = DNSExchange(question: question, limit: tryTime) { DNSMessage.answer($0, id: id, name: name, type: type) }
                guard var answer = try? await exchange.run(server, overTCP: false) else { continue }
                if answer.isTruncated {
                    guard let whole = try? await exchange.run(server, overTCP: true) else { continue }
                    answer = whole
                }
                switch answer.code {
                case 0: return answer.values
                case 3: return []
                default: failure = .serverFailure(code: answer.code)
                }
            }
        }
        throw failure
    }

    private static func systemServers() -> [NetworkPolicy.Server] {
        let file = (try? String(contentsOfFile: "/etc/resolv.conf", encoding: .utf8)) ?? ""
        let servers = file.split(whereSeparator: \.isNewline).compactMap { line -> NetworkPolicy.Server? in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count >= 2, words[0] == "nameserver" else { return nil }
            return NetworkPolicy.Server(host: String(words[1]), port: 53)
        }
        return servers.isEmpty ? [NetworkPolicy.Server(host: "127.0.0.1", port: 53)] : Array(servers.prefix(3))
    }
}
