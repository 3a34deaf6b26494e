package import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A strict AT Protocol peer on loopback: PDS, authorization server, PLC directory, `did:web` and handle documents over
/// plain HTTP, and a name server over UDP. It shares no code with the daemon; it has a thread of its own.
///
/// Stop it with ``stop()``; ``withATProtoPeer(_:_:)`` does so by itself.
package final class ATProtoPeer: Sendable {
    /// Where the parts are reached, for example `http://127.0.0.1:4711`.
    package let origins: PeerOrigins
    /// Address and port of the name server, for example `127.0.0.1:4712`.
    package let nameServer: String

    private let service: PeerService
    private let group: MultiThreadedEventLoopGroup
    private let channels: [any Channel]

    private init(
        origins: PeerOrigins, nameServer: String, service: PeerService, group: MultiThreadedEventLoopGroup, channels: [any Channel]
    ) {
        (self.origins, self.nameServer) = (origins, nameServer)
        (self.service, self.group, self.channels) = (service, group, channels)
    }

    /// Binds the sockets on 127.0.0.1, each at a port the system picks. Throws what binding throws.
    package static func start(_ options: ATProtoPeerOptions = ATProtoPeerOptions()) async throws -> ATProtoPeer {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let nowhere = PeerOrigins(pds: "", issuer: "", plc: "")
        let service = PeerService(
            PeerState(options: options, origins: nowhere), executor: PeerExecutor(loop: group.next()))
        var channels: [any Channel] = []
        do {
            let pds = try await listen(service, as: .resourceServer, group)
            channels.append(pds)
            var origins = PeerOrigins(pds: origin(pds), issuer: origin(pds), plc: origin(pds))
            if options.separateAuthorizationServer {
                let issuer = try await listen(service, as: .authorizationServer, group)
                channels.append(issuer)
                origins.issuer = origin(issuer)
            }
            let names = try await DatagramBootstrap(group: group)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(PeerDNSHandler(service: service))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            channels.append(names)
            service.update { [origins] in $0.origins = origins }
            return ATProtoPeer(
                origins: origins, nameServer: "127.0.0.1:\(names.localAddress?.port ?? 0)", service: service, group: group,
                channels: channels)
        } catch {
            for channel in channels { try? await channel.close() }
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func listen(_ service: PeerService, as role: PeerRole, _ group: MultiThreadedEventLoopGroup) async throws -> any Channel
    {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true, withErrorHandling: true)
                    try pipeline.addHandler(PeerHTTPHandler(service: service, listener: role))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private static func origin(_ channel: any Channel) -> String {
        "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    /// Drops everything under way and closes all sockets.
    package func stop() async {
        await service.stop()
        for channel in channels { try? await channel.close() }
        try? await group.shutdownGracefully()
    }

    // MARK: Accounts

    /// Makes an account whose handle resolves by DNS and, where a client reaches the peer under that name, by HTTP.
    @discardableResult
    package func addAccount(
        _ handle: String, method: PeerAccount.Method = .plc, signingKey: PeerSigningKey? = .newP256(),
        authenticationKeys: [PeerSigningKey] = []
    ) -> PeerAccount {
        let did =
            switch method {
            case .plc: "did:plc:" + PeerText.random(24)
            case .webLocalhost: "did:web:localhost%3A" + (origins.pds.split(separator: ":").last ?? "")
            case .webHandle: "did:web:" + handle
            }
        var account = PeerAccount(did: did, handle: handle, claimedHandle: handle)
        account.signingKey = signingKey
        account.authenticationKeys = authenticationKeys
        return service.update { [account] in
            $0.accounts.insert(account)
            return account
        }
    }

    /// Changes an account; what it says is true for the next request.
    package func change(_ did: String, _ body: @Sendable (inout PeerAccount) -> Void) {
        service.update { $0.accounts.change(did, body) }
    }

    /// Puts a document of a client, or a set of its keys, where the peer finds it; nil takes it away. The peer asks nobody
    /// for such documents.
    package func publish(_ document: Data?, at url: String) {
        service.update { $0.documents[url] = document }
    }

    /// Opens a session as an app password does, and returns its access token, which is bound to no key.
    package func openPasswordSession(of did: String) -> String {
        service.update { state in
            let token = PeerText.secret("pw-")
            state.bearers[token] = did
            return token
        }
    }

    /// Makes every session of an account void, as its owner can.
    package func revokeSessions(of did: String) {
        service.update { state in
            for session in state.sessions.all.values where session.did == did { state.sessions.delete(session.id) }
        }
    }

    /// How many sessions are alive, of one account or of all.
    package func liveSessions(of did: String? = nil) -> Int {
        service.update { $0.sessions.all.values.count { did == nil || $0.did == did } }
    }

    // MARK: Behaviour

    /// Changes the options while the peer runs.
    package func configure(_ body: @Sendable (inout ATProtoPeerOptions) -> Void) {
        service.update { body(&$0.options) }
    }

    /// Adds a fault behind those that are already there.
    package func add(_ fault: PeerFault) {
        service.add(fault)
    }

    /// Holds the next request to an endpoint until the gate that is returned opens.
    package func hold(
        _ endpoint: PeerEndpoint, _ stage: PeerFault.Stage = .before, account: String? = nil, times: Int? = 1
    ) -> PeerGate {
        let gate = PeerGate()
        service.add(PeerFault(.hold(gate, stage), at: endpoint, account: account, times: times))
        return gate
    }

    /// Takes all faults away; what is held stays held.
    package func removeFaults() {
        service.update { $0.faults.removeAll() }
    }

    /// Makes every DPoP nonce given out so far stale.
    package func rotateNonces() {
        service.update { $0.forgetNonces() }
    }

    /// Overrides what the name server says of a name; nil goes back to what follows from the accounts.
    package func setName(_ name: String, _ answer: PeerNameAnswer?) {
        service.update { $0.zone.set(name, answer) }
    }

    // MARK: Records

    /// What was counted so far.
    package var counters: PeerCounters { service.update { $0.records.counters } }

    /// The last requests, oldest first.
    package var log: [PeerLogEntry] { service.update { $0.records.log } }

    /// How often a name was asked for, over all types.
    package func nameQueries(_ name: String) -> Int {
        service.update { $0.zone.queries[name.lowercased()] ?? 0 }
    }

    /// Sets all counters to zero; the log stays.
    package func resetCounters() {
        service.update { $0.records.resetCounters() }
    }

    /// Returns once the counters fulfil the condition, or when the peer stops.
    package func wait(until condition: @escaping @Sendable (PeerCounters) -> Bool) async {
        await service.wait(until: condition)
    }
}

/// Runs `body` with a peer and stops it afterwards, whatever happens.
package func withATProtoPeer<Result>(
    _ options: ATProtoPeerOptions = ATProtoPeerOptions(), isolation: isolated (any Actor)? = #isolation,
    _ body: (ATProtoPeer) async throws -> Result
) async throws -> Result {
    let peer = try await ATProtoPeer.start(options)
    do {
        let result = try await body(peer)
        await peer.stop()
        return result
    } catch {
        await peer.stop()
        throw error
    }
}
