import IRCProtocol
import MainLoop

/// Collects what a client is told while one of its commands runs, and puts label and batch on it in one place
/// (IRCv3 labeled-response, batch). Handlers only add lines.
@LoopActor
final class Reply {
    private unowned let session: Session
    private let label: String?
    private var held: [Line] = []
    private var openBatch: String?
    private var isFinished = false
    /// What was held back is one batch and nothing else: the label goes on its beginning.
    private var isOneBatch = false
    /// The answer comes with a later command.
    var isPostponed = false

    init(to session: Session, label: String?) {
        self.session = session
        self.label = label
    }

    /// Adds a line to the answer. Without a label it goes out at once.
    func add(_ line: Line) {
        var line = line
        if let openBatch, line.tags.batch == nil { line.tags.batch = openBatch }
        if label == nil {
            session.write(line)
        } else {
            held.append(line)
            isOneBatch = false
        }
    }

    /// Adds lines that are a batch from its beginning to its end. When there is nothing else, they are the answer as they are.
    func add(batch lines: [Line]) {
        let isAlone = held.isEmpty && openBatch == nil
        for line in lines { add(line) }
        isOneBatch = isAlone && label != nil
    }

    /// Wraps what `body` adds in a batch, for clients that have the capability; the others get the lines alone.
    ///
    /// - Parameter tags: what is said of the batch itself, without values.
    func batch(_ type: String, _ parameters: [String] = [], tags: [ServerTag] = [], _ body: () -> Void) {
        guard session.capabilities.contains(.batch) else { return body() }
        let reference = session.nextBatchReference()
        let outer = openBatch
        var start = Line(session.serverName, "BATCH", ["+" + reference, type] + parameters)
        start.tags.ofBatch = tags
        add(start)
        openBatch = reference
        body()
        openBatch = outer
        add(Line(session.serverName, "BATCH", ["-" + reference]))
    }

    /// Sends what was held back: labelled alone, as a batch, or as ACK when there was nothing to say.
    func finish() {
        guard !isFinished, !isPostponed else { return }
        isFinished = true
        guard let label else { return }
        switch held.count {
        case 0:
            held = [Line(session.serverName, "ACK")]
            fallthrough
        case _ where held.count == 1 || isOneBatch:
            held[0].tags.label = label
        default:
            let reference = session.nextBatchReference()
            for index in held.indices where held[index].tags.batch == nil { held[index].tags.batch = reference }
            var start = Line(session.serverName, "BATCH", ["+" + reference, "labeled-response"])
            start.tags.label = label
            held.insert(start, at: 0)
            held.append(Line(session.serverName, "BATCH", ["-" + reference]))
        }
        for line in held { session.write(line) }
        held = []
    }
}
