import Foundation

/// The mechanisms there are.
package enum SASLMechanism: String, CaseIterable, Sendable {
    case external = "EXTERNAL"
    case scram = "SCRAM-SHA-256"
    case plain = "PLAIN"
    case atprotoChallenge = "ATPROTO-CHALLENGE"
    case bearer = "IRCV3BEARER"
    case oauthBearer = "OAUTHBEARER"

    /// Names are compared without regard to case.
    package init?(name: String) {
        self.init(rawValue: name.uppercased())
    }
}

/// One exchange of one mechanism, without I/O: lines go in, steps come out. It is over after the first response,
/// except where the mechanism has a say about a refusal, ``refuse(_:now:)``, or goes to and fro like SCRAM.
package struct SASLExchange: Sendable {
    package enum Step: Sendable, Equatable {
        /// Wait for the next line.
        case wait
        /// Find out about this login; then comes ``challenge(with:)``.
        case lookUp(String)
        /// See whether this holds; then comes ``acknowledgement``.
        case prove(ScramProof)
        /// Check this; the exchange is over.
        case verify(Credential)
        /// The exchange is over.
        case fail(SASLFailure)
    }

    /// What follows when a credential did not check out.
    package enum Refusal: Sendable, Equatable {
        /// Tell it; the exchange is over.
        case tell(SASLFailure)
        /// Say this first. Whatever the client answers ends the exchange.
        case acknowledge(String)
        /// Tell the client the nonce that its PDS wants, and challenge it anew.
        case again(nonce: String, challenge: String)
    }

    /// How often a client may try again because its PDS wants another nonce.
    package static let nonceRetries = 3

    private let mechanism: SASLMechanism
    private let sessionID: String
    private let certificate: String?
    private var challenge: Challenge
    private var nonceRetries = 0
    private var reassembler = SASLReassembler()
    private var scram = ScramExchange()
    /// Set while the client still has to acknowledge it. Whatever it does instead, it is to be told, so that it counts.
    package private(set) var refusal: SASLFailure?

    /// - Parameters:
    ///   - sessionID: see ``Challenge``.
    ///   - certificate: the lower-case hex SHA-256 of the certificate that the client showed, if it did.
    ///   - now: milliseconds since 1970.
    package init(_ mechanism: SASLMechanism, sessionID: String, certificate: String? = nil, now: Int64) {
        (self.mechanism, self.sessionID, self.certificate) = (mechanism, sessionID, certificate)
        challenge = Challenge(sessionID: sessionID, now: now)
    }

    /// What the server says first.
    package var opening: String {
        switch mechanism {
        case .plain, .external, .scram, .bearer, .oauthBearer: "+"
        case .atprotoChallenge: challenge.encoded
        }
    }

    /// - Parameters:
    ///   - line: the parameter of an AUTHENTICATE line.
    ///   - now: milliseconds since 1970.
    package mutating func receive(_ line: String, now: Int64) -> Step {
        if let refusal { return .fail(refusal) }
        if line == "*" { return .fail(.aborted) }
        // What some clients still send after the last piece of the response before.
        if line == "+", nonceRetries > 0, reassembler.isEmpty { return .wait }
        let isChallenge = mechanism == .atprotoChallenge
        switch reassembler.add(line, isWhole: { isChallenge && ChallengeResponse($0) != nil }) {
        case .needsMore: return .wait
        case .tooLong: return .fail(.responseTooLong)
        case .complete(let response): return finish(response, now: now)
        }
    }

    /// What the server says of the account that the client named, in base64; nil when it is not its turn.
    package mutating func challenge(with offer: ScramOffer) -> String? {
        scram.challenge(with: offer).map { Data($0.utf8).base64EncodedString() }
    }

    /// What the server says to a proof that holds, in base64; nil when there is none.
    package var acknowledgement: String? {
        scram.acknowledgement.map { Data($0.utf8).base64EncodedString() }
    }

    /// What the server says to a credential that did not check out.
    ///
    /// - Parameter now: milliseconds since 1970.
    package mutating func refuse(_ failure: SASLFailure, now: Int64) -> Refusal {
        if mechanism == .oauthBearer {
            refusal = failure
            return .acknowledge(BearerMessage.refusal)
        }
        guard case .nonceNeeded(let nonce) = failure.kind else { return .tell(failure) }
        guard nonceRetries < Self.nonceRetries else { return .tell(SASLFailure(.failed, failure.text, counts: true)) }
        nonceRetries += 1
        challenge = Challenge(sessionID: sessionID, now: now)
        return .again(nonce: nonce, challenge: challenge.encoded)
    }

    private mutating func finish(_ response: String, now: Int64) -> Step {
        do throws(SASLFailure) {
            switch mechanism {
            case .external:
                guard let certificate else { throw .noCertificate }
                return .verify(.certificate(certificate, account: try Self.authorization(response)))
            case .plain:
                return .verify(try Self.plain(response))
            case .scram:
                guard let data = Data(base64Encoded: response) else { throw .badResponse }
                return switch try scram.receive(data) {
                case .lookUp(let login): .lookUp(login)
                case .prove(let proof): .prove(proof)
                case .done(let proof): .verify(.scram(proof))
                }
            case .atprotoChallenge:
                guard let answer = ChallengeResponse(response) else { throw .badResponse }
                guard challenge.isCurrent(at: now) else { throw .noChallenge }
                return .verify(try answer.credential(for: challenge))
            case .bearer, .oauthBearer:
                guard let data = Data(base64Encoded: response),
                    let message = mechanism == .bearer ? BearerMessage(ircv3: data) : BearerMessage(oauth: data)
                else { throw .badResponse }
                return .verify(.bearer(message.token, authorization: message.authorization))
            }
        } catch {
            return .fail(error)
        }
    }

    /// The name in a response of EXTERNAL (RFC 4422, appendix A); nil when it is empty.
    private static func authorization(_ response: String) throws(SASLFailure) -> String? {
        guard let data = Data(base64Encoded: response), let name = String(validating: data, as: UTF8.self) else { throw .badResponse }
        return name.isEmpty ? nil : name
    }

    /// `authzid NUL authcid NUL password` (RFC 4616). Acting for somebody else is not possible.
    private static func plain(_ response: String) throws(SASLFailure) -> Credential {
        guard let data = Data(base64Encoded: response) else { throw .badResponse }
        let fields = data.split(separator: 0, omittingEmptySubsequences: false).map { String(validating: $0, as: UTF8.self) }
        guard fields.count == 3, let actor = fields[0], let account = fields[1], let password = fields[2], !account.isEmpty,
            account.utf8.count <= LoginName.maximumLength,
            password.utf8.count <= PasswordHasher.maximumPasswordLength
        else { throw .badResponse }
        guard actor.isEmpty || actor == account else { throw .rejected }
        return .plain(account: account, password: password)
    }
}
