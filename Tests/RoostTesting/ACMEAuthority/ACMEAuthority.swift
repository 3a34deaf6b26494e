package import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A strict ACME authority on loopback, over plain HTTP: it checks every signature, nonce and address, and looks at challenges by
/// connecting to the ports that it is given. It shares no code with the daemon; it has a thread of its own.
///
/// Stop it with ``stop()``; ``withACMEAuthority(_:_:)`` does so by itself.
package final class ACMEAuthority: Sendable {
    /// `http://127.0.0.1:PORT`.
    package let origin: String

    private struct Guarded {
        var state: AuthorityState
        var watchers: [(condition: @Sendable (ACMERecords) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
        var isStopped = false
    }

    private let guarded: Mutex<Guarded>
    private let group: MultiThreadedEventLoopGroup
    private let channel: Mutex<(any Channel)?> = Mutex(nil)

    package var directory: String { origin + "/directory" }

    private init(_ state: AuthorityState, group: MultiThreadedEventLoopGroup) {
        origin = state.origin
        guarded = Mutex(Guarded(state: state))
        self.group = group
    }

    /// Binds a port of 127.0.0.1 that the system picks.
    package static func start(_ options: ACMEAuthorityOptions = ACMEAuthorityOptions()) async throws -> ACMEAuthority {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let late = Mutex<ACMEAuthority?>(nil)
        do {
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                        try channel.pipeline.syncOperations.addHandler(AuthorityHTTPHandler { late.withLock { $0 } })
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            let state = try AuthorityState(options, origin: "http://127.0.0.1:\(channel.localAddress?.port ?? 0)")
            let authority = ACMEAuthority(state, group: group)
            authority.channel.withLock { $0 = channel }
            late.withLock { $0 = authority }
            return authority
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    /// What has happened so far.
    package var records: ACMERecords { guarded.withLock { $0.state.records } }

    /// Changes the options from now on.
    package func change(_ body: @Sendable (inout ACMEAuthorityOptions) -> Void) {
        guarded.withLock { body(&$0.state.options) }
    }

    /// Has the next request of a kind go wrong; several wait for their turn.
    package func add(_ fault: ACMEFault) {
        guarded.withLock { $0.state.faults.append(fault) }
    }

    /// When it would like its certificates to be renewed.
    package func suggestRenewal(from start: Date, to end: Date) {
        guarded.withLock { $0.state.renewalWindow = (start, end) }
    }

    /// Returns once `condition` holds, or when the authority stops.
    package func wait(until condition: @escaping @Sendable (ACMERecords) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isDone = guarded.withLock { guarded in
                if guarded.isStopped || condition(guarded.state.records) { return true }
                guarded.watchers.append((condition, continuation))
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    package func stop() async {
        let watchers = guarded.withLock { guarded in
            guarded.isStopped = true
            defer { guarded.watchers = [] }
            return guarded.watchers.map(\.continuation)
        }
        for watcher in watchers { watcher.resume() }
        try? await channel.withLock { $0 }?.close().get()
        try? await group.shutdownGracefully()
    }

    // MARK: For its parts

    func update<Result: Sendable>(_ body: (inout AuthorityState) -> Result) -> Result {
        let (result, ready) = guarded.withLock { guarded -> (Result, [CheckedContinuation<Void, Never>]) in
            let result = body(&guarded.state)
            let records = guarded.state.records
            let ready = guarded.watchers.filter { $0.condition(records) }.map(\.continuation)
            guarded.watchers.removeAll { $0.condition(records) }
            return (result, ready)
        }
        for continuation in ready { continuation.resume() }
        return result
    }

    /// The answer; nil: the connection breaks.
    func answer(_ request: AuthorityRequest) -> AuthorityReply? {
        let (reply, looks) = update { state in
            let reply = state.respond(to: request)
            defer { state.looks = [] }
            return (reply, state.looks)
        }
        for look in looks { ChallengeLook(look, group: group).run { found in self.update { $0.finish(look, found) } } }
        return reply
    }
}

/// Runs `body` with an authority, and stops it whatever happens.
package func withACMEAuthority<Result>(
    isolation: isolated (any Actor)? = #isolation, _ options: ACMEAuthorityOptions = ACMEAuthorityOptions(),
    _ body: (ACMEAuthority) async throws -> Result
) async throws -> Result {
    let authority = try await ACMEAuthority.start(options)
    do {
        let result = try await body(authority)
        await authority.stop()
        return result
    } catch {
        await authority.stop()
        throw error
    }
}
