import Foundation
import MainLoop
import Store

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Puts a server back from a backup, from the command line.
package struct Restoration: Sendable {
    /// How the master key comes to the restored server.
    package enum Key: Sendable, Equatable {
        /// From the backup, or from what is in the data directory already: whichever fits.
        case found
        /// From this file.
        case file(String)
        /// From systemd; nobody looks whether it fits.
        case credential
        /// Not at all: what it sealed is left out.
        case lost
    }

    /// The backup.
    let path: String
    let key: Key
    /// Whether what is in the data directory gives way.
    let replaces: Bool

    package init(path: String, key: Key, replaces: Bool) {
        (self.path, self.key, self.replaces) = (path, key, replaces)
    }

    /// Checks the backup, writes its files beside what is there and puts them in their places. What was there is kept in a
    /// directory of its own.
    ///
    /// - Parameter directory: the data directory; made if it is missing.
    /// - Returns: what to tell the operator.
    /// - Throws: ``StartError``; then the data directory is as it was.
    package func run(in directory: String) throws(StartError) -> [String] {
        let content: Backup.Content
        do { content = try Backup.verify(path) } catch { throw StartError(error) }
        let data = try DataDirectory.prepare(directory)
        let occupants = try entries(of: data)
        guard replaces || occupants.isEmpty else {
            throw StartError(
                data.path, "is not empty", remedy: "choose another directory, or have what is in it moved aside with --force")
        }
        let lock = try InstanceLock(data.lock)
        defer { lock.release() }
        let stage = data.path + "/restore.new"
        try? FileManager.default.removeItem(atPath: stage)
        defer { try? FileManager.default.removeItem(atPath: stage) }
        try make(stage)
        do {
            try Backup.extract(path, to: stage + "/roost.db", forgettingSecrets: key == .lost)
        } catch {
            throw StartError(error)
        }
        for name in [Backups.configurationName] + Backups.certificateNames {
            // What the backup does not have stays as it is: a mere copy of a database has none of them.
            if let file = content.files[name] ?? FileManager.default.contents(atPath: data.path + "/" + name) {
                try PrivateFile.write(file, to: stage + "/" + name)
            }
        }
        let keyLines = try placeKey(in: stage, data, content)
        let aside = try exchange(stage, data, occupants)
        var lines = ["Restored \(content.rows) rows into \(data.path)"] + keyLines
        if let aside { lines.append("What was there is in \(aside): delete it when all is well") }
        if !content.pending.isEmpty { lines.append("The first start brings the database up to date") }
        return lines
    }

    /// What is in the data directory, but for what this and the lock put there.
    private func entries(of data: DataDirectory) throws(StartError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: data.path).filter {
                $0 != "roost.lock" && $0 != "restore.new" && !$0.hasPrefix("before-restore-")
            }
        } catch {
            throw StartError(data.path, "cannot be looked into", remedy: "run it as the user of the server")
        }
    }

    private func make(_ folder: String) throws(StartError) {
        guard mkdir(folder, 0o700) == 0 else { throw StartError(folder, lastSystemError(), remedy: "see whether the disk is full") }
    }

    /// Puts the key that fits into `stage`.
    private func placeKey(in stage: String, _ data: DataDirectory, _ content: Backup.Content) throws(StartError) -> [String] {
        let candidates: [Data?]
        switch key {
        case .lost: return ["What the master key had sealed is left out: everybody logs in again, and a new key is made at the start"]
        case .credential: return ["The master key is to come from systemd, as data.key_credential says"]
        case .file(let file):
            guard let key = FileManager.default.contents(atPath: file) else {
                throw StartError(file, "cannot be read", remedy: "name the file with the master key")
            }
            candidates = [key]
        case .found: candidates = [content.files[Backups.keyName], FileManager.default.contents(atPath: data.secretKey)]
        }
        let place = SecretKeyFile(stage + "/" + Backups.keyName)
        var names: [String] = []
        for candidate in candidates.compactMap(\.self) {
            try PrivateFile.write(candidate, to: place.path)
            let keys: SecretKeys
            do { keys = try place.load(secretsExist: true) } catch { continue }
            guard let sealedWith = content.sealedWith, keys.key(sealedWith) == nil else {
                return ["Its master key is \(keys.current.name)"]
            }
            names.append(keys.current.name)
        }
        unlink(place.path)
        guard let sealedWith = content.sealedWith else { return [] }
        let found = names.isEmpty ? "it is nowhere to be found" : "there is only \(names.joined(separator: ", "))"
        throw StartError(
            path, "is sealed with the master key \(SecretKey.name(sealedWith)), and \(found)",
            remedy: "name its file with --key, or say --lost-key to go on without what it had sealed")
    }

    /// The database is moved in last: a server that finds none has nothing of an unfinished restore.
    ///
    /// - Returns: where what was there is now; nil when there was nothing.
    private func exchange(_ stage: String, _ data: DataDirectory, _ occupants: [String]) throws(StartError) -> String? {
        var aside: String?
        if !occupants.isEmpty {
            let stamp = String(SystemClock().wallMilliseconds / 1000)
            let folder = data.path + "/before-restore-" + stamp
            try make(folder)
            for name in occupants.sorted() { try move(data.path + "/" + name, to: folder + "/" + name) }
            aside = folder
        }
        let staged = (try? FileManager.default.contentsOfDirectory(atPath: stage)) ?? []
        for name in staged.sorted(by: { one, other in other == "roost.db" && one != "roost.db" }) {
            try move(stage + "/" + name, to: data.path + "/" + name)
        }
        return aside
    }

    private func move(_ from: String, to: String) throws(StartError) {
        guard rename(from, to) == 0 else {
            throw StartError(to, lastSystemError(), remedy: "nothing is lost: put it right and restore again with --force")
        }
    }
}
