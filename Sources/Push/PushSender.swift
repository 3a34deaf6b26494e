package import ATProto
import Collections
import DequeModule
package import Foundation
package import Logging
package import MainLoop
package import Store

/// What came of a notification.
package enum PushResult: String, Sendable, CaseIterable {
    case delivered
    /// The device is not there any more.
    case gone
    case refused
    /// There was no answer.
    case failed

    init(status: Int?) {
        switch status {
        case nil: self = .failed
        case 404?, 410?: self = .gone
        case .some(let status): self = (200..<300).contains(status) ? .delivered : .refused
        }
    }
}

/// Sends notifications to the devices of people who are not looking (Web Push, RFC 8030).
@LoopActor
package final class PushSender {
    /// Devices of one account.
    package nonisolated static let devices = 8
    /// Requests at once. Less than the fetcher allows for one host, so that slow push services cannot hold up logins.
    nonisolated static let requests = 8
    /// Notifications that wait; further ones are dropped.
    nonisolated static let queueLimit = 1000
    /// After this time without a word from the device it is forgotten.
    nonisolated static let expiry: Int64 = 60 * 86_400_000
    /// How long a push service keeps what it cannot deliver, in seconds.
    private nonisolated static let timeToLive = 3 * 86_400

    /// How a subscription ended.
    package enum Outcome: Equatable, Sendable {
        case registered
        case tooMany
        /// The push service did not take a first notification.
        case unreachable
        case failed
    }

    private struct Notification {
        let text: Data
        let subscription: PushSubscription
    }

    private let fetcher: any Fetching
    private let store: PushSubscriptionStore
    private let key: VAPIDKey
    private let subject: String
    private let clock: any LoopClock
    private let logger: Logger
    private var subscriptions: [String: [PushSubscription]] = [:]
    private var queue: Deque<Notification> = []
    private var running = 0
    /// Notifications that were dropped because too many waited.
    package private(set) var dropped = 0
    /// What came of those that were sent.
    package private(set) var results = Tally<PushResult>()
    /// Notifications that wait.
    package var waiting: Int { queue.count }

    /// - Parameter subject: how push services reach the operator: an https or mailto address.
    package init(
        fetcher: any Fetching, store: PushSubscriptionStore, key: VAPIDKey, subject: String, clock: any LoopClock, logger: Logger
    ) {
        (self.fetcher, self.store, self.key, self.subject) = (fetcher, store, key, subject)
        (self.clock, self.logger) = (clock, logger)
    }

    /// Reads what is stored. Call it once, before anything else.
    package func load() async throws {
        let limit = clock.wallMilliseconds - Self.expiry
        for subscription in try await store.all() {
            if subscription.refreshedAt < limit { await forget(subscription) } else { keep(subscription) }
        }
    }

    /// What devices subscribe for.
    package var publicKey: String { key.publicKey }

    /// Whether nobody has a device that takes notifications.
    package var isEmpty: Bool { subscriptions.isEmpty }

    /// Whether `account` has a device that takes notifications.
    package func reaches(_ account: String) -> Bool { subscriptions[account] != nil }

    /// Takes a device in, when its push service accepts a first notification.
    package func register(_ endpoint: String, _ keys: PushKeys, account: String) async -> Outcome {
        let subscription = PushSubscription(
            account: account, endpoint: endpoint, publicKey: keys.publicKey, secret: keys.secret, refreshedAt: clock.wallMilliseconds)
        let known = subscriptions[subscription.account] ?? []
        let before = known.first { $0.endpoint == endpoint }
        guard before != nil || known.count < Self.devices else { return .tooMany }
        if before?.publicKey != keys.publicKey || before?.secret != keys.secret {
            guard let status = await deliver(Data("PING webpush".utf8), to: subscription), (200..<300).contains(status) else {
                return .unreachable
            }
            guard (subscriptions[subscription.account] ?? []).filter({ $0.endpoint != endpoint }).count < Self.devices else {
                return .tooMany
            }
        }
        // Counted from now on: several at once would pass the limit otherwise.
        keep(subscription)
        do {
            try await store.save(subscription)
            return .registered
        } catch {
            logger.error("push.store.failed", metadata: ["error": "\(error)"])
            drop(subscription)
            return .failed
        }
    }

    /// Forgets a device.
    package func unregister(_ endpoint: String, account: String) async {
        guard let found = subscriptions[account]?.first(where: { $0.endpoint == endpoint }) else { return }
        await forget(found)
    }

    /// Forgets all devices of an account that is no more.
    package func forget(account: String) {
        subscriptions[account] = nil
    }

    /// Sends `line`, without its CR LF, to all devices of `account`. What does not fit into a notification is not sent.
    package func push(_ line: Data, to account: String) {
        guard line.count <= PushMessage.limit else { return }
        for subscription in subscriptions[account] ?? [] {
            guard queue.count < Self.queueLimit else {
                dropped += 1
                continue
            }
            queue.append(Notification(text: line, subscription: subscription))
        }
        work()
    }

    private func work() {
        while running < Self.requests, let next = queue.popFirst() {
            running += 1
            Task { @LoopActor in
                let status = await deliver(next.text, to: next.subscription)
                running -= 1
                // 404 and 410: the device no longer wants anything (RFC 8030 section 7.3).
                if status == 404 || status == 410 { await forget(next.subscription) }
                work()
            }
        }
    }

    /// - Returns: the status of the answer; nil: there is none.
    private func deliver(_ text: Data, to subscription: PushSubscription) async -> Int? {
        let status = await send(text, to: subscription)
        results.count(PushResult(status: status))
        return status
    }

    private func send(_ text: Data, to subscription: PushSubscription) async -> Int? {
        do {
            guard let origin = Origin(of: subscription.endpoint) else { return nil }
            let body = try PushMessage.encrypt(text, publicKey: subscription.publicKey, secret: subscription.secret)
            let authorization = try key.authorization(for: origin.text, subject: subject, now: clock.wallMilliseconds)
            let answer = try await fetcher.fetch(
                FetchRequest(
                    method: "POST", url: subscription.endpoint,
                    headers: [
                        ("Authorization", authorization), ("Content-Encoding", "aes128gcm"), ("Content-Type", "application/octet-stream"),
                        ("TTL", String(Self.timeToLive)), ("Urgency", "high"),
                    ], body: body, limits: .push))
            if !(200..<300).contains(answer.status) { note("status \(answer.status)", of: origin) }
            return answer.status
        } catch {
            logger.debug("push.failed", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func note(_ problem: String, of origin: Origin) {
        logger.debug("push.refused", metadata: ["service": "\(origin.text)", "reason": "\(problem)"])
    }

    private func keep(_ subscription: PushSubscription) {
        var list = subscriptions[subscription.account] ?? []
        list.removeAll { $0.endpoint == subscription.endpoint }
        list.append(subscription)
        subscriptions[subscription.account] = list
    }

    private func drop(_ subscription: PushSubscription) {
        subscriptions[subscription.account]?.removeAll { $0.endpoint == subscription.endpoint }
        if subscriptions[subscription.account]?.isEmpty == true { subscriptions[subscription.account] = nil }
    }

    private func forget(_ subscription: PushSubscription) async {
        drop(subscription)
        do {
            try await store.delete(account: subscription.account, endpoint: subscription.endpoint)
        } catch {
            logger.error("push.store.failed", metadata: ["error": "\(error)"])
        }
    }
}
