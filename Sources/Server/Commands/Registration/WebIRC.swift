import Accounts
import Crypto
import Foundation
import IRCProtocol
import Logging
import MainLoop

/// `WEBIRC` (IRCv3 webirc): a gateway tells for whom it has connected. Whoever may not is cut off.
@LoopActor
func webIRC(_ context: CommandContext) {
    let (world, session, message) = (context.world, context.session, context.message)
    guard session.gateway == nil, session.client.nick == nil, !session.hasUser, !session.isNegotiating else {
        return world.close(session, reason: "WEBIRC must be the first command")
    }
    guard let address = IPAddress.canonical(message[3] ?? "") else {
        return world.close(session, reason: "WEBIRC needs the IP address of the client")
    }
    let (secret, name, options) = (message[0] ?? "", message[1] ?? "", message[4] ?? "")
    let origin = session.peer.address
    guard let gateway = world.configuration.gateways.first(where: { $0.name == name && $0.addresses.contains(origin) }) else {
        world.logger.warning("webirc.refused", metadata: ["gateway": "\(name.prefix(64))", "address": "\(origin)"])
        return world.close(session, reason: "This gateway is not known here")
    }
    let hasher = world.services.hasher
    context.wait {
        await gateway.accepts(secret, hasher)
    } then: { isAccepted in
        guard isAccepted else {
            world.logger.warning("webirc.refused", metadata: ["gateway": "\(gateway.name)", "address": "\(origin)"])
            return world.close(session, reason: "Invalid WebIRC password")
        }
        var peer = session.peer
        peer.address = address
        let options = Dictionary(
            options.split(separator: " ").map { option in
                let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), parts.count > 1 ? TagSection.unescape(parts[1]) : "")
            }, uniquingKeysWith: { _, last in last })
        // Secure is only what is so on both parts of the way.
        peer.isSecure = peer.isSecure && options["secure"] != nil
        peer.port = options["remote-port"].flatMap { Int($0) } ?? 0
        peer.certificateFingerprint = options["certfp-sha-256"]?.lowercased()
        world.move(session, to: peer, by: gateway.name)
    }
}

extension World {
    /// Counts the connection for the address of the client from now on, not for that of the gateway.
    fileprivate func move(_ session: Session, to peer: Peer, by gateway: String) {
        let rules = rules(for: peer, gateway: gateway, hasAccount: false)
        guard addresses.add(peer.address, limit: rules.limits.connectionsPerAddress) else {
            return close(session, reason: "Too many connections from your address")
        }
        addresses.remove(session.peer.address)
        session.peer = peer
        session.gateway = gateway
        session.client.move(to: peer.address)
        guard reclassify(session) else { return }
        askBlockLists(about: session)
        if let ban = Permissions.ban(onAddress: peer.address, in: self) { turnAway(session, because: ban) }
    }
}

extension ServerConfiguration.Gateway {
    /// Compares in a time that tells nothing of the password.
    fileprivate func accepts(_ secret: String, _ hasher: PasswordHasher) async -> Bool {
        if password.hasPrefix("$argon2id$") { return (try? await hasher.verify(secret, password)) ?? false }
        return SHA256.hash(data: Data(secret.utf8)) == SHA256.hash(data: Data(password.utf8))
    }
}
