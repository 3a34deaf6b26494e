import Accounts
import Logging
import MainLoop

extension World {
    /// Notes what an operator did: who, what, to whom and why.
    func audit(_ event: Logger.Message, by client: Client, _ details: Logger.Metadata) {
        var metadata = details
        metadata["by"] = "\(client.source)"
        metadata["by_account"] = "\(client.identity?.account ?? "-")"
        logger.notice(event, metadata: metadata)
    }
}
