import Foundation

/// What the peer's name server says of a name.
package enum PeerNameAnswer: Sendable {
    /// TXT records, each made of character-strings of at most 255 bytes.
    case texts([[String]])
    /// IPv4 and IPv6 addresses, for example `10.0.0.1`.
    case addresses([String])
    /// An error code (RFC 1035, 4.1.1): 2 is SERVFAIL, 3 NXDOMAIN, 5 REFUSED.
    case failure(Int)
    /// No answer at all.
    case silence
}

/// The names that do not follow from the accounts.
struct PeerZone {
    private var overrides: [String: PeerNameAnswer] = [:]
    private(set) var queries: [String: Int] = [:]

    mutating func set(_ name: String, _ answer: PeerNameAnswer?) {
        overrides[name.lowercased()] = answer
    }

    func override(_ name: String) -> PeerNameAnswer? {
        overrides[name]
    }

    mutating func count(_ name: String) {
        if queries.count < 10_000 || queries[name] != nil { queries[name, default: 0] += 1 }
    }
}

extension PeerState {
    /// The answer to a question: overrides first, then TXT and A of the accounts' handles.
    mutating func resolve(_ question: PeerDNSQuestion) -> PeerNameAnswer {
        zone.count(question.name)
        if let answer = zone.override(question.name) { return answer }
        if question.name.hasPrefix("_atproto.") {
            let account = accounts.named(String(question.name.dropFirst(9)))
            guard let account, account.resolvesByDNS, account.status != .deleted else { return .failure(3) }
            return .texts([["did=" + account.did]])
        }
        return accounts.named(question.name) == nil ? .failure(3) : .addresses(["127.0.0.1"])
    }
}
