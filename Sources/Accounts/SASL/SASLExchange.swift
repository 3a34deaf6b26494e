import Foundation

/// The mechanisms there are.
package enum SASLMechanism: String, CaseIterable, Sendable {
    case plain = "PLAIN"
    case atprotoChallenge = "ATPROTO-CHALLENGE"

    /// Names are compared without regard to case.
    package init?(name: String) {
        self.init(rawValue: name.uppercased())
    }
}

/// One exchange of one mechanism, without I/O: lines go in, steps come out. It is over after the first response.
package struct SASLExchange: Sendable {
    package enum Step: Sendable, Equatable {
        /// Wait for the next line.
        case wait
        /// Check this; the exchange is over.
        case verify(Credential)
        /// The exchange is over.
        case fail(SASLFailure)
    }

    private let mechanism: SASLMechanism
    private let challenge: Challenge
    private var reassembler = SASLReassembler()

    /// - Parameters:
    ///   - sessionID: see ``Challenge``.
    ///   - now: milliseconds since 1970.
    package init(_ mechanism: SASLMechanism, sessionID: String, now: Int64) {
        self.mechanism = mechanism
        challenge = Challenge(sessionID: sessionID, now: now)
    }

    /// What the server says first.
    package var opening: String {
        switch mechanism {
        case .plain: "+"
        case .atprotoChallenge: challenge.encoded
        }
    }

    /// - Parameters:
    ///   - line: the parameter of an AUTHENTICATE line.
    ///   - now: milliseconds since 1970.
    package mutating func receive(_ line: String, now: Int64) -> Step {
        if line == "*" { return .fail(.aborted) }
        let isChallenge = mechanism == .atprotoChallenge
        switch reassembler.add(line, isWhole: { isChallenge && ChallengeResponse($0) != nil }) {
        case .needsMore: return .wait
        case .tooLong: return .fail(.responseTooLong)
        case .complete(let response): return finish(response, now: now)
        }
    }

    private func finish(_ response: String, now: Int64) -> Step {
        do throws(SASLFailure) {
            switch mechanism {
            case .plain:
                return .verify(try Self.plain(response))
            case .atprotoChallenge:
                guard let answer = ChallengeResponse(response) else { throw .badResponse }
                guard challenge.isCurrent(at: now) else { throw .noChallenge }
                return .verify(try answer.credential(for: challenge))
            }
        } catch {
            return .fail(error)
        }
    }

    /// `authzid NUL authcid NUL password` (RFC 4616). Acting for somebody else is not possible.
    private static func plain(_ response: String) throws(SASLFailure) -> Credential {
        guard let data = Data(base64Encoded: response) else { throw .badResponse }
        let fields = data.split(separator: 0, omittingEmptySubsequences: false).map { String(validating: $0, as: UTF8.self) }
        guard fields.count == 3, let actor = fields[0], let account = fields[1], let password = fields[2], !account.isEmpty,
            password.utf8.count <= PasswordHasher.maximumPasswordLength
        else { throw .badResponse }
        guard actor.isEmpty || actor == account else { throw .rejected }
        return .plain(account: account, password: password)
    }
}
