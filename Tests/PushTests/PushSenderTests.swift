import ATProto
import Crypto
import Foundation
import Logging
import MainLoop
import RoostTesting
import Store
import Testing

@testable import Push

/// A push service that answers as it is told.
@LoopActor
private final class Service: Fetching {
    private(set) var requests: [FetchRequest] = []
    var status = 201
    private var isHeld = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private(set) var running = 0

    func hold() { isHeld = true }

    func letGo() {
        isHeld = false
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        requests.append(request)
        running += 1
        if isHeld { await withCheckedContinuation { waiting.append($0) } }
        running -= 1
        guard status != 0 else { throw .timeout }
        return FetchResponse(status: status, headers: FetchHeaders([]), body: Data(), finalURL: request.url)
    }
}

@LoopActor @Suite struct PushSenderTests {
    private let service = Service()
    private let clock = VirtualClock()
    private let store: PushSubscriptionStore
    private let device = FakePushDevice()
    private let sender: PushSender

    init() throws {
        store = PushSubscriptionStore(try RoostDatabase.inMemory(), box: SecretBox(key: SymmetricKey(size: .bits256)))
        sender = Self.sender(service, store, clock)
    }

    private static func sender(_ service: Service, _ store: PushSubscriptionStore, _ clock: VirtualClock) -> PushSender {
        PushSender(
            fetcher: service, store: store, key: VAPIDKey(derivedFrom: SymmetricKey(data: Data(repeating: 1, count: 32))),
            subject: "mailto:root@irc.test", clock: clock, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func register(_ endpoint: String = "https://push.test/1", _ account: String = "ann") async throws -> PushSender.Outcome {
        await sender.register(endpoint, try #require(PushKeys(device.keys)), account: account)
    }

    private func settle(_ count: Int) async { while service.requests.count < count || service.running > 0 { await Task.yield() } }

    @Test func aDeviceIsTriedAndThenTold() async throws {
        #expect(try await register() == .registered)
        #expect(try device.read(try #require(service.requests.first?.body)) == "PING webpush")
        sender.push(Data(":bob PRIVMSG ann :hi".utf8), to: "ann")
        await settle(2)
        let request = service.requests[1]
        #expect(try device.read(try #require(request.body)) == ":bob PRIVMSG ann :hi")
        let headers = Dictionary(request.headers) { first, _ in first }
        #expect(request.url == "https://push.test/1" && request.method == "POST" && headers["Content-Encoding"] == "aes128gcm")
        #expect(headers["Authorization"]?.hasPrefix("vapid t=") == true && headers["TTL"] != nil && headers["Urgency"] == "high")
        sender.push(Data(repeating: 1, count: PushMessage.limit + 1), to: "ann")
        sender.push(Data("x".utf8), to: "bob")
        #expect(service.requests.count == 2)
    }

    @Test(arguments: [0, 400, 404, 500])
    func whatCannotBeReachedIsNotTaken(_ status: Int) async throws {
        service.status = status
        #expect(try await register() == .unreachable)
        #expect(!sender.reaches("ann"))
        #expect(try await store.all().isEmpty)
    }

    @Test func theSameDeviceAgainIsARefresh() async throws {
        _ = try await register()
        clock.advance(by: .seconds(60))
        #expect(try await register() == .registered)
        #expect(service.requests.count == 1)
        #expect(try await store.all().map(\.refreshedAt) == [clock.wallMilliseconds])
    }

    @Test func devicesAreBounded() async throws {
        for number in 0..<PushSender.devices { #expect(try await register("https://push.test/\(number)") == .registered) }
        #expect(try await register("https://push.test/more") == .tooMany)
        #expect(try await register("https://push.test/more", "bob") == .registered)
        await sender.unregister("https://push.test/0", account: "ann")
        #expect(try await register("https://push.test/more") == .registered)
    }

    /// Both are counted before they are stored: neither can pass while the other one is being tried or written.
    @Test(arguments: [true, false])
    func devicesAreBoundedAlsoAtOnce(_ isHeldByTheService: Bool) async throws {
        for number in 1..<PushSender.devices { #expect(try await register("https://push.test/\(number)") == .registered) }
        if isHeldByTheService { service.hold() }
        let keys = try #require(PushKeys(device.keys))
        let registrations = ["a", "b"].map { name in
            Task { @LoopActor in await sender.register("https://push.test/\(name)", keys, account: "ann") }
        }
        while isHeldByTheService, service.running < 2 { await Task.yield() }
        service.letGo()
        var outcomes: [PushSender.Outcome] = []
        for registration in registrations { outcomes.append(await registration.value) }
        #expect(outcomes.count { $0 == .registered } == 1 && outcomes.count { $0 == .tooMany } == 1)
        #expect(try await store.all().count == PushSender.devices)
    }

    @Test(arguments: [404, 410])
    func whoIsGoneIsForgotten(_ status: Int) async throws {
        _ = try await register()
        service.status = status
        sender.push(Data("x".utf8), to: "ann")
        while sender.reaches("ann") { await Task.yield() }
        while try await !store.all().isEmpty { await Task.yield() }
    }

    @Test func theyOutliveARestartButNotForever() async throws {
        _ = try await register()
        let second = Self.sender(service, store, clock)
        try await second.load()
        #expect(second.reaches("ann"))
        clock.advance(by: .milliseconds(PushSender.expiry + 1))
        let third = Self.sender(service, store, clock)
        try await third.load()
        #expect(!third.reaches("ann"))
        #expect(try await store.all().isEmpty)
    }

    /// A slow service holds up neither the server nor more than its share of requests.
    @Test func theQueueIsBounded() async throws {
        _ = try await register()
        service.hold()
        for _ in 0..<(PushSender.queueLimit + PushSender.requests + 5) { sender.push(Data("x".utf8), to: "ann") }
        await Task.yield()
        while service.running < PushSender.requests { await Task.yield() }
        #expect(service.running == PushSender.requests && sender.dropped == 5)
        service.letGo()
        await settle(1 + PushSender.queueLimit + PushSender.requests)
    }

    @Test func secretsAreSealed() async throws {
        let database = try RoostDatabase.inMemory()
        let first = PushSubscriptionStore(database, box: SecretBox(key: SymmetricKey(size: .bits256)))
        let keys = try #require(PushKeys(device.keys))
        try await first.save(
            PushSubscription(account: "ann", endpoint: "https://x", publicKey: keys.publicKey, secret: keys.secret, refreshedAt: 0))
        #expect(try await first.all().map(\.secret) == [keys.secret])
        let other = PushSubscriptionStore(database, box: SecretBox(key: SymmetricKey(size: .bits256)))
        #expect(try await other.all().isEmpty)
    }
}
