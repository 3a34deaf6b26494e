import IRCProtocol
import MainLoop
import Store

/// What opens an account, beside what was changed just now.
private struct OtherWays: Sendable {
    /// The names of device passwords that have not expired.
    var devices: [String]
    /// The fingerprints of certificates.
    var certificates: [String]
    /// The identity that is linked to it.
    var did: String?

    /// - Parameter now: milliseconds since 1970.
    init(into name: String, _ accounts: AccountStore, now: Int64) async throws {
        devices = try await accounts.devicePasswords(ofAccount: name).filter { $0.expiresAt.map { $0 > now } ?? true }.map(\.name)
        certificates = try await accounts.certificates(ofAccount: name).map(\.fingerprint)
        did = try await accounts.find(name: name).flatMap { $0.isLocal ? $0.did : nil }
    }
}

extension ServiceRequest {
    /// Tells what still opens `account`, and how to end that: after its password was changed or its identity taken off, because somebody
    /// may have got in.
    func tellOtherWays(into account: String) {
        let (accounts, now) = (world.services.accounts, world.clock.wallMilliseconds)
        // Operators do it in the place of the account; whoever has just reset a password logs in first.
        let prefix = self.account.map(CaseMapping.fold) == CaseMapping.fold(account) || !may(.actfor) ? "" : "FOR \(account) "
        wait {
            try? await OtherWays(into: account, accounts, now: now)
        } then: { ways in
            guard let ways else {
                return say("What else opens \(account) cannot be looked up just now: DEVICE LIST, CERT LIST and INFO tell it")
            }
            list(ways.devices, "device password", of: account, end: "\(prefix)DEVICE DEL <name>")
            list(ways.certificates, "certificate", of: account, end: "\(prefix)CERT DEL <fingerprint>")
            list(ways.did.map { [$0] } ?? [], "identity", of: account, end: "UNLINK")
        }
    }

    private func list(_ names: [String], _ kind: String, of account: String, end: String) {
        guard !names.isEmpty else { return }
        say(
            "\(names.count) \(kind)\(names.count == 1 ? " still opens" : "s still open") \(account); \(end) ends \(names.count == 1 ? "it" : "one"):"
        )
        for line in names.joinedIntoLines(separator: ", ") { say("  \(line)") }
    }
}
