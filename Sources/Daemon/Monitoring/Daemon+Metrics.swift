import ACME
import ATProto
import Accounts
import Broker
import Foundation
import MainLoop
import Push
import Server
import Sidecar
import Store
import Transport

/// Everything that monitoring can read, in the order in which it is told. The names are an interface: dashboards and alerts use them.
extension Daemon {
    package func metrics() async -> String {
        let accounts = try? await ground.accounts.count()
        let census = world.census()
        var page = MetricsPage()
        addProcess(to: &page)
        addConnections(census, to: &page)
        addTraffic(to: &page)
        addCommands(census, to: &page)
        addLogins(accounts: accounts, to: &page)
        addStore(census, to: &page)
        addOutgoing(to: &page)
        return page.text
    }

    private func addProcess(to page: inout MetricsPage) {
        let (use, wall) = (ProcessUse(), Double(clock.wallMilliseconds) / 1000)
        page.add(
            .gauge, "roost_build_info", "The version that runs; always 1.",
            [.init(labels: [("version", Self.version)], value: 1)])
        page.add(.gauge, "roost_uptime_seconds", "Time since the start.", (clock.uptime - begun).inSeconds)
        page.add(
            .gauge, "process_start_time_seconds", "When the server started, in seconds since 1970.",
            wall - (clock.uptime - begun).inSeconds)
        page.add(.counter, "process_cpu_seconds_total", "Processor time of all threads.", use.processorSeconds)
        if let bytes = use.residentBytes { page.add(.gauge, "process_resident_memory_bytes", "Memory in use.", bytes) }
        if let count = use.openDescriptors { page.add(.gauge, "process_open_fds", "Open file descriptors.", count) }
        page.add(.gauge, "process_max_fds", "The limit on open file descriptors.", edge.sockets.descriptors)
        page.add("roost_event_loop_lag_seconds", "How late a timer comes that is due once a second.", world.counts.loopLag)
        page.add(
            .gauge, "roost_tls_certificate_expiry_timestamp_seconds",
            "When a certificate for listen.tls expires, in seconds since 1970; nothing without one.",
            (certificates?.current.value.all ?? []).map { certificate in
                .init(
                    labels: [("certificate", certificate.names.first ?? certificate.fingerprint)],
                    value: Double(certificate.validity.upperBound / 1000))
            })
        page.add(
            .gauge, "roost_acme_failed_orders",
            "Orders for a certificate that failed since the last one that came; nothing without [acme].",
            [orders.machine].compactMap(\.self).map { .init(value: Double($0.record.failures)) })
    }

    private func addConnections(_ census: Census, to page: inout MetricsPage) {
        let counts = world.counts
        let connections = Peer.Transport.allCases.flatMap { transport -> [MetricsPage.Sample] in
            let found = census.connections[transport] ?? (0, 0)
            return [("registering", found.registering), ("registered", found.registered)].map { state, count in
                .init(labels: [("transport", transport.label), ("state", state)], value: Double(count))
            }
        }
        page.add(.gauge, "roost_connections", "Open IRC connections.", connections)
        page.add(
            .counter, "roost_connections_opened_total", "IRC connections that were taken in.", by: "transport",
            Peer.Transport.allCases.map { ($0.label, counts.opened[$0]) })
        page.add("roost_connections_refused_total", "IRC connections that were turned away.", by: "reason", counts.refused)
        page.add("roost_connections_closed_total", "IRC connections that ended.", by: "cause", counts.ended)
        page.add("roost_filtered_total", "What filters caught.", by: "action", counts.filtered)
        page.add("roost_tls_handshakes_total", "TLS handshakes that ended.", by: "result", edge.handshakes)
        page.add(.gauge, "roost_sockets", "Accepted sockets of all ports.", edge.sockets.count)
        page.add(.gauge, "roost_sockets_limit", "How many accepted sockets there may be.", edge.sockets.limit)
        page.add(.gauge, "roost_clients", "Registered clients.", census.clients)
        page.add(.gauge, "roost_clients_peak", "The most registered clients since the start.", census.peakClients)
        page.add(.gauge, "roost_clients_logged_in", "Registered clients with an account.", census.loggedIn)
        page.add(.gauge, "roost_clients_always_on", "Clients that stay without a connection.", census.residents)
        page.add(.gauge, "roost_operators", "Operators that are here.", census.operators)
        page.add(.gauge, "roost_channels", "Channels.", census.channels)
        page.add(.gauge, "roost_memberships", "Memberships in channels.", census.memberships)
        page.add(.gauge, "roost_send_queue_bytes", "Bytes that wait to be sent.", census.unsentBytes)
        page.add(.gauge, "roost_send_queue_largest_bytes", "The longest send queue.", census.largestSendQueue)
        page.add(.gauge, "roost_send_queue_oldest_seconds", "How long the oldest unsent byte waits.", census.oldestUnsent.inSeconds)
        page.add(.gauge, "roost_receive_queue_bytes", "Bytes of lines that wait to be run.", census.waitingBytes)
        page.add(.gauge, "roost_receive_queue_connections", "Connections with lines that wait to be run.", census.waitingSessions)
    }

    private func addTraffic(to page: inout MetricsPage) {
        let counts = world.counts
        page.add(.counter, "roost_lines_received_total", "Lines of IRC that came in.", counts.linesIn)
        page.add(.counter, "roost_received_bytes_total", "Bytes of these lines, without their ends.", counts.bytesIn)
        page.add(.counter, "roost_lines_sent_total", "Lines of IRC that were queued to go out.", counts.linesOut)
        page.add(.counter, "roost_sent_bytes_total", "Bytes of these lines.", counts.bytesOut)
        page.add(.counter, "roost_lines_too_long_total", "Lines that were skipped because of their length.", counts.overlongLines)
        page.add(
            .counter, "roost_lines_delayed_total", "Lines that waited behind a command or for the flood limit.", counts.delayedLines)
        page.add(.counter, "roost_flood_delays_total", "How often the flood limit held a connection up.", counts.floodDelays)
        let kinds = ["privmsg", "notice", "tagmsg"]
        let messages = [("channel", counts.channelMessages), ("person", counts.directMessages)].flatMap { target, values in
            zip(kinds, values).map { MetricsPage.Sample(labels: [("kind", $0), ("target", target)], value: Double($1)) }
        }
        page.add(.counter, "roost_messages_total", "What people said, once for each target.", messages)
        page.add(
            .counter, "roost_http_responses_total", "HTTP answers by the class of their status.", by: "code",
            (1...5).map { ("\($0)xx", sidecar.answers[$0]) })
        page.add(.gauge, "roost_http_connections", "Open HTTP connections.", sidecar.connectionCount)
    }

    private func addCommands(_ census: Census, to page: inout MetricsPage) {
        let (names, counts) = (world.commandNames, world.counts)
        page.add(.counter, "roost_commands_total", "Commands that ran.", by: "command", Array(zip(names, counts.commandUses)))
        page.add(.counter, "roost_commands_unknown_total", "Lines with a command that there is not.", counts.unknownCommands)
        // Most commands are rare: what never ran has no times.
        let times = zip(names, counts.commandTimes).filter { $1.counts.contains { $0 > 0 } }
        page.add(
            "roost_command_duration_seconds", "From the start of a command to the end of its answer.",
            times.map { name, times in ([("command", name)], times) })
        page.add(.gauge, "roost_jobs", "Commands that wait for slow work.", census.jobs)
    }

    private func addLogins(accounts: Int?, to page: inout MetricsPage) {
        page.add(
            .gauge, "roost_accounts", "Accounts; nothing when the database cannot be read.",
            accounts.map { [.init(value: Double($0))] } ?? [])
        let logins = LoginCounts.Mechanism.allCases.flatMap { mechanism in
            LoginCounts.Result.allCases.map { result in
                MetricsPage.Sample(
                    labels: [("mechanism", mechanism.rawValue), ("result", result.rawValue)],
                    value: Double(authenticator.counts[mechanism, result]))
            }
        }
        page.add(.counter, "roost_logins_total", "Attempts to log in on IRC.", logins)
        let hashing = ground.hasher.load
        page.add(.gauge, "roost_password_hashes_waiting", "Passwords that wait to be hashed or are.", hashing.waiting)
        page.add(.counter, "roost_password_hashes_refused_total", "Hashes that were refused because too many waited.", hashing.refused)
        page.add("roost_password_hash_seconds", "From the request for a hash to its result.", hashing.times)
        page.add("roost_sign_ins_total", "Logins on the web that came back from the server of the account.", by: "result", broker.signIns)
        page.add("roost_refreshes_total", "Refreshes of logins on the web.", by: "outcome", broker.refreshes)
        page.add(.gauge, "roost_refreshes_pending", "Refreshes under way.", broker.refreshesUnderWay)
    }

    private func addStore(_ census: Census, to page: inout MetricsPage) {
        let (history, disk) = (ground.historyWriter, DiskUse(ground.data))
        page.add("roost_database_commit_seconds", "How long commits take.", ground.database.commitTimes)
        page.add(.counter, "roost_database_rollbacks_total", "Transactions that were given up.", ground.database.rollbacks)
        page.add(
            .counter, "roost_database_commit_failures_total", "Groups of rows that the disk did not take; they are tried again.",
            by: "what", [("history", history.failedCommits), ("records", census.failedRecordCommits)])
        page.add(
            .gauge, "roost_database_waiting_rows", "Rows that wait to be written.", by: "what",
            [("history", history.waitingRows), ("records", census.waitingRecords)])
        page.add(.counter, "roost_history_rows_total", "Messages that were written to disk.", history.writtenRows)
        page.add(
            .counter, "roost_history_dropped_rows_total", "Messages that were lost because the disk did not take them.",
            history.droppedRows)
        page.add("roost_history_commit_delay_seconds", "From the oldest message of a commit to its end.", history.delays)
        page.add(.gauge, "roost_database_bytes", "Size of the database.", disk.database)
        page.add(.gauge, "roost_database_wal_bytes", "Size of its write-ahead log.", disk.log)
        if let free = disk.free { page.add(.gauge, "roost_disk_free_bytes", "What may still be written on its disk.", free) }
    }

    private func addOutgoing(to page: inout MetricsPage) {
        page.add("roost_fetches_total", "Requests to other servers.", by: "result", fetcher.results)
        page.add("roost_fetch_seconds", "How long they took.", fetcher.times)
        page.add("roost_push_total", "Notifications that were sent to devices.", by: "outcome", push.results)
        page.add(.counter, "roost_push_dropped_total", "Notifications that were dropped because too many waited.", push.dropped)
        page.add(.gauge, "roost_push_waiting", "Notifications that wait.", push.waiting)
    }
}

extension Peer.Transport {
    fileprivate var label: String { rawValue.lowercased() }
}
