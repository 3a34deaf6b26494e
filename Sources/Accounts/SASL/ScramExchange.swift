import ATProto
package import Foundation

/// What an account is asked for in SCRAM.
package struct ScramOffer: Sendable, Equatable {
    /// Its name; nil: there is none that could log in so.
    let account: String?
    let verifier: ScramVerifier

    package init(account: String?, verifier: ScramVerifier) {
        (self.account, self.verifier) = (account, verifier)
    }
}

/// What a client says to show that it knows the password, and what it is checked against.
package struct ScramProof: Sendable, Equatable {
    /// The name as the client wrote it, perhaps with `@device`.
    let login: String
    let offer: ScramOffer
    fileprivate let proof: Data
    /// The AuthMessage of RFC 5802 section 3.
    fileprivate let message: Data

    var isRight: Bool { offer.verifier.isProven(by: proof, over: message) }
}

/// The server in one exchange of SCRAM-SHA-256 (RFC 5802 section 5), without I/O. Channel binding is not offered, so a client that
/// wants it is refused.
struct ScramExchange: Sendable {
    enum Step: Sendable, Equatable {
        /// Find out about this login; then comes ``challenge(with:)``.
        case lookUp(String)
        /// Check this; if it holds, then comes ``acknowledgement``.
        case prove(ScramProof)
        /// The client has acknowledged the acknowledgement.
        case done(ScramProof)
    }

    /// The longest nonce of a client, in bytes: what the server says fits one line of 400 then.
    static let nonceLimit = 128

    private enum Stage: Sendable {
        case first
        case waiting(First)
        case challenged(First, ScramOffer, challenge: String)
        case proven(ScramProof)
    }

    /// The client-first-message in its parts.
    private struct First: Sendable {
        /// The GS2 header, `n,,` or `y,,` with a name in it perhaps.
        let header: String
        let bare: String
        let login: String
        let nonce: String
    }

    private var stage = Stage.first
    private let nonce: String

    /// - Parameter nonce: the server's part of the nonce, printable and without commas.
    init(nonce: String = RandomToken.make(bytes: 18)) {
        self.nonce = nonce
    }

    /// Takes the next message of the client.
    mutating func receive(_ data: Data) throws(SASLFailure) -> Step {
        guard let text = String(validating: data, as: UTF8.self) else { throw .badResponse }
        switch stage {
        case .first:
            let first = try Self.first(text)
            stage = .waiting(first)
            return .lookUp(first.login)
        case .waiting: throw .badResponse
        case .challenged(let first, let offer, let challenge):
            let proof = try finalMessage(text, first, offer, challenge)
            stage = .proven(proof)
            return .prove(proof)
        case .proven(let proof):
            guard data.isEmpty else { throw .badResponse }
            return .done(proof)
        }
    }

    /// The server-first-message; nil when it is not its turn.
    mutating func challenge(with offer: ScramOffer) -> String? {
        guard case .waiting(let first) = stage else { return nil }
        let challenge = "r=\(first.nonce)\(nonce),s=\(offer.verifier.salt.base64EncodedString()),i=\(offer.verifier.iterations)"
        stage = .challenged(first, offer, challenge: challenge)
        return challenge
    }

    /// The server-final-message, with which the server shows that it knows the verifier; nil when nothing is proven.
    var acknowledgement: String? {
        guard case .proven(let proof) = stage else { return nil }
        return "v=" + proof.offer.verifier.signature(over: proof.message).base64EncodedString()
    }

    private static func first(_ text: String) throws(SASLFailure) -> First {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        // A mandatory extension (m=) would stand before the name, and is none that this server knows. Other extensions come last.
        guard fields.count >= 4, fields[0] == "n" || fields[0] == "y", fields[1].isEmpty || fields[1].hasPrefix("a="),
            fields[2].hasPrefix("n="), fields[3].hasPrefix("r="), let login = name(fields[2].dropFirst(2)), !login.isEmpty,
            login.utf8.count <= LoginName.maximumLength
        else { throw .badResponse }
        let nonce = fields[3].dropFirst(2)
        guard (1...nonceLimit).contains(nonce.utf8.count), nonce.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .badResponse }
        if !fields[1].isEmpty {
            guard let actor = name(fields[1].dropFirst(2)), !actor.isEmpty else { throw .badResponse }
            // Acting for somebody else is not possible.
            guard actor == login else { throw .rejected }
        }
        return First(
            header: "\(fields[0]),\(fields[1]),", bare: fields[2...].joined(separator: ","), login: login, nonce: String(nonce))
    }

    /// `c=<header>,r=<nonce>[,extensions],p=<proof>`.
    private func finalMessage(
        _ text: String, _ first: First, _ offer: ScramOffer, _ challenge: String
    ) throws(SASLFailure) -> ScramProof {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count >= 3, let last = fields.last, last.hasPrefix("p="), let proof = Data(base64Encoded: String(last.dropFirst(2))),
            fields[0] == "c=" + Data(first.header.utf8).base64EncodedString(), fields[1] == "r=" + first.nonce + nonce
        else { throw .badResponse }
        let message = [first.bare, challenge, fields.dropLast().joined(separator: ",")].joined(separator: ",")
        return ScramProof(login: first.login, offer: offer, proof: proof, message: Data(message.utf8))
    }

    /// A saslname: `=2C` and `=3D` stand for comma and equals sign, and nothing else begins with `=`.
    private static func name(_ text: Substring) -> String? {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.dropFirst().allSatisfy({ $0.hasPrefix("2C") || $0.hasPrefix("3D") }), !text.utf8.contains(0) else { return nil }
        return parts.dropFirst().reduce(String(parts[0])) { $0 + ($1.hasPrefix("2C") ? "," : "=") + $1.dropFirst(2) }
    }
}
