import Accounts
import IRCProtocol
import MainLoop
import Store

/// Certificates that open one account.
private let certificateLimit = 10

/// `CERT ADD [<fingerprint>]`, `CERT DEL <fingerprint>`, `CERT LIST`: which client certificates log one in (SASL EXTERNAL).
@LoopActor
func changeCertificates(_ request: ServiceRequest) {
    guard let account = request.ownAccount else { return }
    let accounts = request.world.services.accounts
    switch request.action() {
    case "LIST":
        request.wait {
            try? await accounts.certificates(ofAccount: account)
        } then: { found in
            guard let found else { return request.refuseForNow() }
            for (fingerprint, addedAt) in found { request.say("  \(fingerprint)  since \(ServerTime.format(addedAt))") }
            request.say("\(found.count) certificates")
        }
    case "ADD":
        let own = request.session?.peer.certificateFingerprint
        guard let fingerprint = request[1].map(normalized) ?? own else {
            return request.refuse("Your connection shows no certificate; connect with one, or name its SHA-256 fingerprint")
        }
        guard isFingerprint(fingerprint) else {
            return request.refuse("A fingerprint has 64 hexadecimal digits: the SHA-256 of the certificate")
        }
        // A fingerprint is no secret: whoever claimed that of somebody else would get their logins.
        guard request.subject != nil || request.client?.certificateFingerprints.contains(fingerprint) == true else {
            return request.refuse(
                "Connect with this certificate and log in, then CERT ADD: a connection that shows it proves that it is yours")
        }
        guard request.mayMakeCredentials(for: request.subject) else { return }
        let now = request.world.clock.wallMilliseconds
        request.wait {
            try? await accounts.add(certificate: fingerprint, toAccount: account, limit: certificateLimit, now: now)
        } then: { outcome in
            switch outcome {
            case .added: request.say("\(fingerprint) logs you in from now on (SASL EXTERNAL)")
            case .taken: request.refuse("\(fingerprint) logs somebody in already")
            case .tooMany: request.refuse("You have \(certificateLimit) certificates, and more is not allowed")
            case nil: request.refuseForNow()
            }
        }
    case "DEL":
        guard let fingerprint = request[1].map(normalized) else { return request.sayUsage() }
        guard request.mayChangeCredentials() else { return }
        let world = request.world
        request.wait {
            try? await accounts.remove(certificate: fingerprint, fromAccount: account)
        } effect: { isRemoved in
            if isRemoved == true { world.certificateRemoved(fingerprint, from: account) }
        } then: { isRemoved in
            guard let isRemoved else { return request.refuseForNow() }
            guard isRemoved else { return request.refuse("You have no certificate with this fingerprint") }
            request.say("\(fingerprint) no longer logs you in; connections that used it are closed")
        }
    default: request.sayUsage()
    }
}

/// Fingerprints are written with colons too, and in capitals.
private func normalized(_ text: String) -> String { text.replacing(":", with: "").lowercased() }

private func isFingerprint(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
}

extension World {
    /// Closes the connections that logged in with a certificate that is no longer on the account, also those whose login is judged just
    /// now.
    fileprivate func certificateRemoved(_ fingerprint: String, from account: String) {
        closings += 1
        exports.forget(account)
        for session in sessions.values where session.proof == .certificate(fingerprint) {
            doom(session, .killed("The certificate of this connection was removed"))
        }
    }
}
