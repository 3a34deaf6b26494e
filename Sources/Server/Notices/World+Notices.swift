import Foundation
import IRCProtocol
import Logging
import MainLoop

/// What operators are told while it happens.
extension World {
    /// Logs an event and tells those operators who want to know.
    ///
    /// - Parameters:
    ///   - text: for people, without what stands before every such notice.
    ///   - fields: for programs and the log. No secrets.
    func announce(_ event: ServerEvent, _ text: @autoclosure () -> String, _ fields: @autoclosure () -> [String: String]) {
        if logger.logLevel <= event.level {
            logger.log(level: event.level, "\(event.rawValue)", metadata: fields().mapValues { Logger.MetadataValue.string($0) })
        }
        notify(event, text(), fields())
    }

    /// As above, for what is in the log already.
    func notify(_ event: ServerEvent, _ text: @autoclosure () -> String, _ fields: @autoclosure () -> [String: String]) {
        let readers = readers(of: event.kind)
        guard !readers.isEmpty, noticeBudget.spend(event.kind) else { return }
        tell(readers, text(), event.rawValue, fields())
    }

    /// The daemon has read its configuration again.
    package func noteReload(changed: [String], waiting: [String]) {
        let names = changed.isEmpty ? "no setting has changed" : "changed: \(changed.joined(separator: ", "))"
        notify(
            .reloaded, "Configuration read again, \(names)",
            ["changed": changed.joined(separator: ","), "waiting": waiting.joined(separator: ",")])
    }

    /// Tells how much was left out of what came too fast. Called once a second.
    func summariseNotices() {
        for (kind, count) in noticeBudget.renew() {
            tell(
                readers(of: kind), "\(count) more: \(kind.meaning)", "notices.left_out", ["kind": kind.rawValue, "count": String(count)])
        }
    }

    private func readers(of kind: NoticeKind) -> [Client] {
        guard !noticeReaders.isEmpty else { return [] }
        return noticeReaders.values.filter { $0.notices.contains(kind) && Permissions.exercise(.snomasks, by: $0) }
    }

    private func tell(_ readers: [Client], _ text: String, _ name: String, _ fields: [String: String]) {
        for client in readers {
            var line = event("NOTICE", [client.target], text: "*** \(text)")
            line.tags.event = NoticeFields(name, fields).text
            client.send(line)
        }
    }

    // MARK: Masks

    /// What an operator is told of until it says otherwise.
    func defaultNotices(of client: Client) -> NoticeMask {
        guard Permissions.exercise(.snomasks, by: client) else { return NoticeMask() }
        return Permissions.operatorClass(of: client)?.notices ?? NoticeMask()
    }

    /// Sets what `client` is told of; an empty mask takes mode s off.
    func setNotices(_ mask: NoticeMask, of client: Client) {
        client.notices = mask
        client.modes.set(.serverNotices, !mask.isEmpty)
        noticeReaders[ObjectIdentifier(client)] = mask.isEmpty ? nil : client
    }

    /// Somebody has just become an operator: it is told what it will be told of (008).
    func beginNotices(for client: Client) {
        setNotices(defaultNotices(of: client), of: client)
        guard client.isRegistered, !client.notices.isEmpty else { return }
        client.send(noticeMaskLine(of: client))
    }

    /// 008.
    func noticeMaskLine(of client: Client) -> Line {
        Line(configuration.name, Numeric.serverNoticeMask.digits, [client.target, client.notices.text], text: "Server notice mask")
    }
}

/// The value of the tag that says what a notice tells, for programs: a JSON object.
struct NoticeFields {
    /// Bytes of one value, and of all.
    private static let (valueLimit, limit) = (400, 2000)

    let text: String

    init(_ name: String, _ fields: [String: String]) {
        var object = ["event": name]
        var size = 0
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            let value = value.truncated(toBytes: Self.valueLimit)
            size += key.utf8.count + value.utf8.count + 6
            if size <= Self.limit { object[key] = value }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        text = (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
