package import NIOCore
package import NIOPosix

/// The one actor that owns all mutable state of the daemon; its executor is the NIO event loop.
///
/// Channel handlers already run on that loop, so they enter the actor synchronously with ``assumeIsolated(_:)``
/// (about 100 ns: once per read, not once per line) and nothing on the hot path changes threads.
@globalActor
package actor LoopActor {
    package static let shared = LoopActor()

    /// The group every listener, client and timer of this process is bound to: one thread, one loop.
    package nonisolated static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// The loop of ``group``.
    package nonisolated static let eventLoop: any EventLoop = group.next()

    private nonisolated let executor = LoopActor.eventLoop.executor

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    /// Runs `body` at once as code of the actor. The caller must be on ``eventLoop``; anywhere else this traps.
    package nonisolated static func assumeIsolated<Result: Sendable>(
        _ body: @LoopActor () throws -> Result
    ) rethrows -> Result {
        eventLoop.preconditionInEventLoop()
        return try withoutActuallyEscaping(body) { isolated in
            try unsafeBitCast(isolated, to: (() throws -> Result).self)()
        }
    }
}
