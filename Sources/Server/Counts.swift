import IRCProtocol
package import MainLoop
import Store

/// What the server counts of itself for monitoring. What every line touches is a plain number.
package struct Counts: Sendable {
    /// Why a connection ended.
    package enum End: String, Sendable, CaseIterable {
        case quit
        /// The other end closed, or the network did.
        case lost
        case registrationTimeout = "registration_timeout"
        case pingTimeout = "ping_timeout"
        case sendQueue = "send_queue"
        case sendQueueAge = "send_queue_age"
        case receiveQueue = "receive_queue"
        /// By an operator, by its owner, or because a rule says so.
        case killed
        case shutdown
    }

    /// Why a connection was not taken in.
    package enum Refusal: String, Sendable, CaseIterable {
        case address, banned, draining, shutdown
        case connectionClass = "class"
    }

    package internal(set) var opened = Tally<Peer.Transport>()
    package internal(set) var refused = Tally<Refusal>()
    package internal(set) var ended = Tally<End>()

    /// Lines without their tags of transport: what came in, and what was queued to go out, with CR LF.
    package internal(set) var linesIn = 0
    package internal(set) var bytesIn = 0
    package internal(set) var linesOut = 0
    package internal(set) var bytesOut = 0
    package internal(set) var overlongLines = 0
    /// Lines that had to wait behind a command or for the flood limit.
    package internal(set) var delayedLines = 0
    /// How often the flood limit held a connection up.
    package internal(set) var floodDelays = 0

    /// PRIVMSG, NOTICE and TAGMSG, by the raw value of the kind.
    package internal(set) var channelMessages = [0, 0, 0]
    package internal(set) var directMessages = [0, 0, 0]

    /// How often each command ran, and how long it took from its start to the end of its answer; by ``Command/number``.
    package internal(set) var commandUses: [Int]
    package internal(set) var commandTimes: [Histogram]
    /// What filters caught, by what was done.
    package internal(set) var filtered = Tally<ContentFilter.Action>()
    package internal(set) var unknownCommands = 0

    /// How late timers come.
    package internal(set) var loopLag = Histogram.ofWork

    init(commands: Int) {
        commandUses = [Int](repeating: 0, count: commands)
        commandTimes = [Histogram](repeating: .ofWork, count: commands)
    }

    /// Counts one message to one target.
    mutating func said(_ kind: StoredMessage.Kind, inChannel: Bool) {
        guard kind.rawValue < channelMessages.count else { return }
        if inChannel { channelMessages[kind.rawValue] += 1 } else { directMessages[kind.rawValue] += 1 }
    }
}

/// How many of what there are at this moment.
package struct Census: Sendable {
    package var connections: [Peer.Transport: (registering: Int, registered: Int)] = [:]
    package var clients = 0
    package var loggedIn = 0
    package var operators = 0
    package var residents = 0
    package var peakClients = 0
    package var channels = 0
    package var memberships = 0
    package var unsentBytes = 0
    package var largestSendQueue = 0
    package var oldestUnsent: Duration = .zero
    package var waitingBytes = 0
    package var waitingSessions = 0
    package var jobs = 0
    package var waitingRecords = 0
    package var failedRecordCommits = 0
}

extension World {
    /// Goes through everything once, so not for every line.
    package func census() -> Census {
        var census = Census()
        let now = clock.uptime
        for session in sessions.values {
            var of = census.connections[session.connection.peer.transport] ?? (0, 0)
            if session.isRegistered { of.registered += 1 } else { of.registering += 1 }
            census.connections[session.connection.peer.transport] = of
            let unsent = session.connection.unsentBytes
            census.unsentBytes += unsent
            census.largestSendQueue = max(census.largestSendQueue, unsent)
            if let oldest = session.connection.oldestUnsent { census.oldestUnsent = max(census.oldestUnsent, now - oldest) }
            census.waitingBytes += session.inbox.bytes
            if !session.inbox.isEmpty { census.waitingSessions += 1 }
        }
        census.clients = clients.count
        for client in clients.values {
            if client.identity != nil { census.loggedIn += 1 }
            if client.isOperator { census.operators += 1 }
        }
        census.residents = residents.count
        census.peakClients = peakClients
        census.channels = channels.count
        for channel in channels.values { census.memberships += channel.members.count }
        census.jobs = jobsInFlight
        census.waitingRecords = channelWriter.waitingRecords + presenceWriter.waitingRecords
        census.failedRecordCommits = channelWriter.failedCommits + presenceWriter.failedCommits
        return census
    }

    /// The verbs in the order of ``Command/number``.
    package var commandNames: [String] { commands.all.map(\.verb.text) }
}
