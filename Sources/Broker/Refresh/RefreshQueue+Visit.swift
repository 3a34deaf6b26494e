import ATProto
import Logging
import MainLoop
import Store

/// What else a session gets when its owner calls: its handle looked at again, and a note that it was used.
extension RefreshQueue {
    private static let useGranularity: Int64 = 3_600_000

    func needsVisit(_ session: PDSSession) -> Bool {
        let now = clock.wallMilliseconds
        return isHandleOld(session) || now - session.usedAt > Self.useGranularity
    }

    private func isHandleOld(_ session: PDSSession) -> Bool {
        clock.wallMilliseconds - session.handleCheckedAt > limits.handleLifetime.milliseconds
    }

    /// The handle to show: verified lately, or not long ago when it cannot be verified just now.
    func shownHandle(_ session: PDSSession) -> Handle? {
        let limit = limits.handleLifetime + limits.handleGrace
        guard clock.wallMilliseconds - session.handleCheckedAt <= limit.milliseconds else { return nil }
        return session.handle.flatMap { Handle($0) }
    }

    /// Never makes a proof worse: the handle is for display, and the use only decides who makes room.
    func visit(_ session: PDSSession) async -> PDSSession? {
        guard needsVisit(session), let did = DID(session.did) else { return session }
        let handle = isHandleOld(session) ? await resolver.verifiedHandle(of: did) : nil
        do {
            try await store.storeUse(session.id, verifiedHandle: handle?.text, now: clock.wallMilliseconds)
            return try await store.session(id: session.id)
        } catch {
            logger.error("broker.store.failed", metadata: ["session": "\(session.id)", "error": "\(error)"])
            return session
        }
    }
}
