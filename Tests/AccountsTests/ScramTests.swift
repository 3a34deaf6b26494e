import Crypto
import Foundation
import RoostTesting
import Testing

@testable import Accounts

/// The messages of SCRAM-SHA-256 and the verifier behind them.
@Suite struct ScramExchangeTests {
    /// The example of RFC 7677 section 3.
    private enum Example {
        static let nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
        static let first = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
        static let challenge = "r=rOprNGfwEbeRWgbNEkqO\(nonce),s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
        static let final = "c=biws,r=rOprNGfwEbeRWgbNEkqO\(nonce),p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        static let acknowledgement = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        static let salt = Data(base64Encoded: "W22ZaJ0SNY7soEsUEjb6gQ==") ?? Data()
    }

    private let verifier = ScramVerifier(password: "pencil", salt: Example.salt, iterations: 4096)

    private func offer() throws -> ScramOffer { ScramOffer(account: "user", verifier: try #require(verifier)) }

    private func started(_ first: String = Example.first) throws -> ScramExchange {
        var exchange = ScramExchange(nonce: Example.nonce)
        #expect(try exchange.receive(Data(first.utf8)) == .lookUp("user"))
        #expect(exchange.challenge(with: try offer()) == Example.challenge)
        return exchange
    }

    private func failure(_ exchange: inout ScramExchange, _ text: String) -> SASLFailure? {
        do throws(SASLFailure) {
            _ = try exchange.receive(Data(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func theExampleOfTheRFC() throws {
        var exchange = try started()
        #expect(exchange.acknowledgement == nil)
        guard case .prove(let proof) = try exchange.receive(Data(Example.final.utf8)) else { throw CancellationError() }
        #expect(proof.isRight && proof.login == "user")
        #expect(exchange.acknowledgement == Example.acknowledgement)
        #expect(try exchange.receive(Data()) == .done(proof))
    }

    @Test func theTestClientAgrees() throws {
        var client = ScramClient(name: "user", password: "pencil")
        client.nonce = "rOprNGfwEbeRWgbNEkqO"
        #expect(client.first == Example.first)
        let answer = try #require(client.final(Example.challenge))
        #expect(answer.message == Example.final && answer.acknowledgement == Example.acknowledgement)
    }

    @Test func anotherPasswordIsNoProof() throws {
        for password in ["Pencil", "pencil ", "p"] {
            var exchange = try started()
            var client = ScramClient(name: "user", password: password)
            client.nonce = "rOprNGfwEbeRWgbNEkqO"
            let answer = try #require(client.final(Example.challenge))
            guard case .prove(let proof) = try exchange.receive(Data(answer.message.utf8)) else { throw CancellationError() }
            #expect(!proof.isRight)
        }
    }

    @Test func aProofOfAnotherLengthIsNone() throws {
        for proof in ["", "AAAA", Data(repeating: 1, count: 64).base64EncodedString()] {
            var exchange = try started()
            let text = Example.final.split(separator: "p=")[0] + "p=" + proof
            guard case .prove(let proof) = try exchange.receive(Data(text.utf8)) else { throw CancellationError() }
            #expect(!proof.isRight)
        }
    }

    @Test(arguments: ["y,,", "n,a=user,", "y,a=user,"])
    func headersThatAreTaken(_ header: String) throws {
        var exchange = ScramExchange(nonce: Example.nonce)
        var client = ScramClient(name: "user", password: "pencil")
        client.header = header
        #expect(try exchange.receive(Data(client.first.utf8)) == .lookUp("user"))
        let challenge = exchange.challenge(with: try offer()) ?? ""
        let answer = try #require(client.final(challenge))
        guard case .prove(let proof) = try exchange.receive(Data(answer.message.utf8)) else { throw CancellationError() }
        #expect(proof.isRight && exchange.acknowledgement == answer.acknowledgement)
    }

    @Test(arguments: [
        "", "n", "n,,", "n,,n=user", "n,,r=abc,n=user", "n,,n=,r=abc", "n,,n=user,r=", "n,,n=user,r=a b", "n,,n=user,r=\u{E9}",
        "p=tls-unique,,n=user,r=abc", "x,,n=user,r=abc", ",,n=user,r=abc", "n,user,n=user,r=abc", "n,a=,n=user,r=abc",
        "n,,m=ext,n=user,r=abc", "n,,n=us=er,r=abc", "n,,n=user=,r=abc", "n,,n=u=2cser,r=abc", "n,,n=us\u{0}er,r=abc",
        "n,,n=user,r=" + String(repeating: "a", count: 129), "n,,n=" + String(repeating: "a", count: 2082) + ",r=abc",
    ])
    func firstMessagesThatAreNone(_ text: String) {
        var exchange = ScramExchange()
        #expect(failure(&exchange, text) == .badResponse)
    }

    @Test func bytesThatAreNoTextAreRefused() {
        var exchange = ScramExchange()
        #expect(throws: SASLFailure.badResponse) { try exchange.receive(Data("n,,n=us".utf8) + Data([0xFF]) + Data("er,r=abc".utf8)) }
    }

    @Test func namesAreUnescaped() throws {
        var exchange = ScramExchange()
        #expect(try exchange.receive(Data("n,,n=a=2Cb=3Dc=3D2C,r=abc,x=1".utf8)) == .lookUp("a,b=c=2C"))
    }

    @Test func nobodyActsForSomebodyElse() {
        var exchange = ScramExchange()
        #expect(failure(&exchange, "n,a=root,n=user,r=abc") == .rejected)
    }

    @Test(arguments: [
        "", Example.acknowledgement, Example.final.replacingOccurrences(of: "c=biws", with: "c=eSws"),
        Example.final.replacingOccurrences(of: "k0,", with: "k1,"), Example.final.replacingOccurrences(of: "r=rO", with: "r=rR"),
        Example.final + ",x=1", Example.final.replacingOccurrences(of: "p=", with: "q="), Example.final + "!", "c=biws," + Example.final,
    ])
    func finalMessagesThatAreNone(_ text: String) throws {
        var exchange = try started()
        #expect(failure(&exchange, text) == .badResponse)
    }

    @Test func theLastWordOfTheClientIsEmpty() throws {
        var exchange = try started()
        _ = try exchange.receive(Data(Example.final.utf8))
        #expect(failure(&exchange, "x") == .badResponse)
    }

    @Test func noncesAreNew() throws {
        let challenges = try (0..<20).map { _ in
            var exchange = ScramExchange()
            _ = try exchange.receive(Data(Example.first.utf8))
            return exchange.challenge(with: try offer()) ?? ""
        }
        #expect(Set(challenges).count == 20)
        #expect(challenges.allSatisfy { Data($0.utf8).base64EncodedString().utf8.count < 400 })
    }

    @Test func theLongestChallengeFitsOneLine() throws {
        var exchange = ScramExchange()
        let nonce = String(repeating: "a", count: ScramExchange.nonceLimit)
        _ = try exchange.receive(Data("n,,n=user,r=\(nonce)".utf8))
        let longest = ScramVerifier(standingInFor: "a", key: SymmetricKey(size: .bits256), iterations: 10_000_000)
        let challenge = exchange.challenge(with: ScramOffer(account: nil, verifier: longest)) ?? ""
        #expect(challenge.hasPrefix("r=aaa") && challenge.hasSuffix(",i=10000000"))
        #expect(Data(challenge.utf8).base64EncodedString().utf8.count < 400)
    }
}

@Suite struct ScramVerifierTests {
    @Test func itIsStoredAsText() throws {
        let verifier = try #require(ScramVerifier(password: "pencil", iterations: 4096))
        #expect(verifier.text.hasPrefix("SCRAM-SHA-256$4096:"))
        #expect(ScramVerifier(verifier.text) == verifier)
        #expect(verifier.salt.count == 16)
        #expect(ScramVerifier(password: "pencil", iterations: 4096)?.salt != verifier.salt)
    }

    @Test(arguments: [
        "", "x", "SCRAM-SHA-1$4096:AAAA$AAAA:AAAA", "SCRAM-SHA-256$0:AAAA$AAAA:AAAA", "SCRAM-SHA-256$-1:AAAA$AAAA:AAAA",
        "SCRAM-SHA-256$4096:AAAA$AAAA:AAAA", "SCRAM-SHA-256$99999999999999999999:AAAA$AAAA:AAAA",
    ])
    func otherTextsAreNone(_ text: String) {
        #expect(ScramVerifier(text) == nil)
    }

    @Test func whatStandsInIsAlwaysTheSame() {
        let key = SymmetricKey(size: .bits256)
        func made(_ name: String, _ key: SymmetricKey) -> ScramVerifier {
            ScramVerifier(standingInFor: name, key: key, iterations: 600_000)
        }
        #expect(made("ann", key) == made("Ann", key))
        #expect(made("ann", key).salt != made("ben", key).salt && made("ann", key).storedKey != made("ben", key).storedKey)
        #expect(made("ann", key).salt != made("ann", SymmetricKey(size: .bits256)).salt)
        #expect(made("ann", key).salt.count == 16)
    }

    @Test(arguments: [
        ("secret", "secret"), ("I\u{AD}X", "IX"), ("user", "user"), ("USER", "USER"), ("\u{AA}", "a"), ("\u{2168}", "IX"),
        ("a\u{A0}b\u{3000}c", "a b c"), ("e\u{301}", "\u{E9}"), (" a ", " a "),
    ])
    func passwordsArePrepared(_ text: String, _ prepared: String) {
        #expect(text.preparedPassword.map { Array($0.unicodeScalars) } == Array(prepared.unicodeScalars))
    }

    @Test(arguments: ["\u{7}", "a\u{7F}", "\u{AD}", "", "\u{E000}", "a\u{200E}", "\u{FFFD}", "\u{2028}"])
    func passwordsThatClientsRefuse(_ text: String) {
        #expect(text.preparedPassword == nil)
        #expect(ScramVerifier(password: text, iterations: 1) == nil)
    }
}
