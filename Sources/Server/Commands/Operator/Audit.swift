import Accounts
import Logging
import MainLoop
package import Store

extension World {
    /// Notes what an operator did, once it is done: who, what, to whom and why.
    func audit(
        _ action: String, by client: Client, _ details: [String: String], outcome: AuditRecord.Outcome = .done, notice: String? = nil
    ) {
        audit(action, by: client.source, account: client.identity?.account, details, outcome: outcome, notice: notice)
    }

    /// Notes what was done with the powers of an operator, in the log and for `OperServ AUDIT`.
    ///
    /// - Parameters:
    ///   - action: as it stands in the log: `operator.kill`.
    ///   - actor: who did it: `nick!user@host`, or who it is at the admin socket or over HTTP.
    ///   - details: the target, the reason and all else, by name. No secrets.
    ///   - notice: what operators are told who want to know; nil: it is made of the rest.
    package func audit(
        _ action: String, by actor: String, account: String? = nil, _ details: [String: String], outcome: AuditRecord.Outcome = .done,
        notice: String? = nil
    ) {
        var metadata = details.mapValues { Logger.MetadataValue.string($0) }
        metadata["by"] = "\(actor)"
        metadata["by_account"] = "\(account ?? "-")"
        if outcome != .done { metadata["outcome"] = "\(outcome.rawValue)" }
        logger.notice("\(action)", metadata: metadata)
        let key = ["target", "mask", "account", "channel", "operator"].first { details[$0] != nil }
        let record = AuditRecord(
            time: clock.wallMilliseconds, action: action, actor: actor, account: account, target: key.flatMap { details[$0] } ?? "",
            reason: details["reason"] ?? "", details: details.filter { $0.key != key && $0.key != "reason" }, outcome: outcome)
        if let event = ServerEvent(rawValue: action) {
            let fields = details.merging(["by": actor, "outcome": outcome.rawValue]) { first, _ in first }
            notify(event, notice ?? record.sentence, fields)
        }
        // One after the other, so that the table has them in the order in which they were done.
        let (store, logger, before) = (services.audit, logger, lastAudit)
        let writing = Task {
            await before?.value
            do {
                try await store.add(record)
            } catch {
                logger.error("audit.not_stored", metadata: ["action": "\(action)", "error": "\(error)"])
            }
        }
        lastAudit = writing
        job {
            await writing.value
        } then: {
        }
    }
}

extension AuditRecord {
    /// What happened, for operators: `root!~root@host: kill bob!~bob@host (spam)`.
    fileprivate var sentence: String {
        let words = action.replacing("operator.", with: "").replacing(".", with: " ")
        let rest = details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        return [
            "\(actor): \(words)\(outcome == .done ? "" : " (\(outcome.rawValue))")", target, rest, reason.isEmpty ? "" : "(\(reason))",
        ].filter { !$0.isEmpty }.joined(separator: " ")
    }
}

extension AuditRecord.Outcome {
    /// What became of something that the database decides on.
    init(isDone: Bool) { self = isDone ? .done : .failed }
}
