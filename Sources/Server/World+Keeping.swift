import ATProto
import Accounts
import Foundation
import IRCProtocol
import Logging
import MainLoop
import Store

/// What outlives its people and the process: channels that stay, people who stay, names that are taken.
extension World {
    /// Brings back what was kept. Before the first connection.
    ///
    /// - Throws: when the database cannot be read.
    package func restore() async throws {
        reservedNicks = try await services.accounts.nicknames()
        try await restoreDefense()
        try await restoreFilters()
        for record in try await services.serverBans.all(now: clock.wallMilliseconds) {
            guard let ban = ServerBan(record) else {
                logger.error("ban.unreadable", metadata: ["mask": "\(record.mask)"])
                continue
            }
            serverBans.insert(ban)
        }
        let decoder = JSONDecoder()
        for (key, document) in try await services.channelRecords.all() {
            guard let record = try? decoder.decode(ChannelRecord.self, from: document), let channel = Channel(record) else {
                logger.error("channel.unreadable", metadata: ["channel": "\(key)"])
                continue
            }
            channel.isStored = true
            if let purge = record.purge { purges[key] = purge } else { channels[key] = channel }
        }
        for (key, document) in try await services.presenceRecords.all() {
            guard let record = try? decoder.decode(PresenceRecord.self, from: document) else {
                logger.error("presence.unreadable", metadata: ["account": "\(key)"])
                continue
            }
            if let account = try await services.accounts.find(name: record.account), !account.isSuspended {
                bringBack(record, Identity(account, handle: record.handle.flatMap { Handle($0) }))
            }
        }
        channelWriter.document = { [weak self] in self?.channelDocument($0) }
        presenceWriter.document = { [weak self] in self?.presenceDocument($0) }
        // Nobody came back to these: they were there when the server stopped, and end now.
        for channel in Array(channels.values) { closeIfUnused(channel) }
    }

    /// Writes `channel` to disk at the end of the turn, or takes it off when it is no longer kept.
    func keep(_ channel: Channel) {
        guard channel.isStored || isOnDisk(channel) else { return }
        channelWriter.mark(channel.name.folded)
    }

    /// Puts everything on disk that waits. Returns whether that was done.
    @discardableResult
    package func flushRecords() async -> Bool {
        let channelsAreStored = await channelWriter.flush()
        return await presenceWriter.flush() && channelsAreStored
    }

    /// Whether `channel` belongs on disk: it stays, or its history is to end with it, which must be known after a crash too.
    private func isOnDisk(_ channel: Channel) -> Bool {
        channel.isKept || configuration.history.enabled && !Permissions.readPublicly(channel)
    }

    private func channelDocument(_ key: String) -> Data? {
        let channel = channels[key].flatMap { isOnDisk($0) ? $0 : nil }
        channels[key]?.isStored = channel != nil
        if let purge = purges[key] {
            return try? JSONEncoder().encode(ChannelRecord(name: purge.name, createdAt: purge.setAt, purge: purge))
        }
        return channel.flatMap { try? JSONEncoder().encode($0.record) }
    }
}
