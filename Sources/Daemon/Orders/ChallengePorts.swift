import Logging
import MainLoop
import Settings
import Sidecar
import Transport

/// The ports where an authority finds the answers to HTTP challenges and nothing else. One that cannot be had is told in the log, and is
/// tried again with the next order: whatever has it may pass the requests on.
@LoopActor
final class ChallengePorts {
    private var open: [Endpoint: Listener] = [:]
    private let answers: ChallengeAnswers
    private let sockets: PassedSockets
    private let logger: Logger
    private var isStopped = false

    init(_ answers: ChallengeAnswers, sockets: PassedSockets, logger: Logger) {
        (self.answers, self.sockets, self.logger) = (answers, sockets, logger)
    }

    /// Where they really are.
    var addresses: [Endpoint] { open.values.map { Endpoint($0) } }

    /// Listens on `endpoints` and nowhere else.
    func set(_ endpoints: [Endpoint]) async {
        for (endpoint, listener) in open where !endpoints.contains(endpoint) {
            open[endpoint] = nil
            await listener.stop()
        }
        for endpoint in endpoints where open[endpoint] == nil && !isStopped { await bind(endpoint) }
    }

    func stop() async {
        isStopped = true
        await set([])
    }

    private func bind(_ endpoint: Endpoint) async {
        do {
            let listener = try await answers.listen(on: sockets.place(ListenAddress(endpoint), key: "acme.listen"))
            guard !isStopped, open[endpoint] == nil else { return await listener.stop() }
            open[endpoint] = listener
            await listener.start()
            logger.notice("listener.bound", metadata: ["address": "\(Endpoint(listener))", "kind": "acme"])
        } catch  where endpoint.isIPv6 && [.noSuchFamily, .notAvailable].contains(error.cause) {
            logger.info("listener.skipped", metadata: ["address": "\(endpoint)", "reason": "this machine has no IPv6"])
        } catch {
            logger.warning("acme.port.unavailable", metadata: ["address": "\(endpoint)", "error": "\(error)"])
        }
    }
}
