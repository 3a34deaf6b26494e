import Crypto
package import Foundation
import IRCProtocol
import Logging
import MainLoop
package import Store

/// Who may fetch what somebody said, by the hash of a token that was given out. Each counts for an hour.
struct Exports {
    /// Tokens that count at once; the oldest gives way.
    static let limit = 100
    static let life: Duration = .seconds(3600)

    private var accounts: [Data: (account: String, since: Duration)] = [:]

    init() {}

    mutating func add(_ account: String, token: String, at now: Duration) {
        // One for each account: nobody pushes out those of others.
        accounts = accounts.filter { now - $0.value.since < Self.life && $0.value.account != account }
        if accounts.count >= Self.limit, let oldest = accounts.min(by: { $0.value.since < $1.value.since })?.key { accounts[oldest] = nil }
        accounts[Self.hash(token)] = (account, now)
    }

    mutating func forget(_ account: String) {
        accounts = accounts.filter { $0.value.account != account }
    }

    func account(_ token: String, at now: Duration) -> String? {
        accounts[Self.hash(token)].flatMap { now - $0.since < Self.life ? $0.account : nil }
    }

    private static func hash(_ token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }
}

@LoopActor
func exportOwn(_ request: ServiceRequest) {
    guard let account = request.ownAccount else { return }
    export(account, request)
}

@LoopActor
func exportOther(_ request: ServiceRequest) {
    request.withSpelling(of: request[0] ?? "") { account in
        export(account, request)
        request.audit("history.export", ["account": account])
    }
}

@LoopActor
private func export(_ account: String, _ request: ServiceRequest) {
    let world = request.world
    let token = String((0..<4).map { _ in String(world.randomness.next() as UInt64, radix: 36) }.joined())
    world.exports.add(account, token: token, at: world.clock.uptime)
    request.say("For an hour: \(world.configuration.webAddress)/export?token=\(token)")
    request.say("It is in pages of \(World.exportPage) messages; the header Link of each leads to the next")
}

extension World {
    /// Messages in one page of an export.
    package nonisolated static let exportPage = 10_000

    /// One page of what the owner of `token` said: a JSON object a line, and the number after which the next page begins; nil when
    /// the token does not count.
    package func export(token: String, after sequence: Int64) async throws -> (lines: Data, next: Int64?)? {
        guard let account = exports.account(token, at: clock.uptime) else { return nil }
        await services.historyWriter.flush()
        let messages = try await services.history.messages(ofAccount: account, after: sequence, limit: Self.exportPage)
        return (try ExportedMessage.lines(messages), messages.count == Self.exportPage ? messages.last?.sequence : nil)
    }
}

/// A message as its author takes it along.
package struct ExportedMessage: Encodable {
    let time: String
    let msgid: String
    let command: String
    /// The channel, or both sides of a direct conversation.
    let conversation: String
    let recipient: String?
    let source: String
    let tags: String
    let text: String

    /// A JSON object a line.
    package static func lines(_ messages: [StoredMessage]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = Data()
        for message in messages {
            lines.append(try encoder.encode(ExportedMessage(message)))
            lines.append(UInt8(ascii: "\n"))
        }
        return lines
    }

    private init(_ message: StoredMessage) {
        (time, msgid, command) = (ServerTime.format(message.time), message.id, message.kind.verb)
        (conversation, recipient, source) = (message.conversation, message.recipient, message.source)
        (tags, text) = (message.tags, String(decoding: message.text, as: UTF8.self))
    }
}
