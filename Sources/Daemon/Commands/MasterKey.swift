import Store

/// Changes the master key of a server that does not run, from the command line.
package enum MasterKey {
    /// Does it with the lock of the data directory.
    ///
    /// - Returns: what to tell the operator.
    /// - Throws: ``StartError``.
    package static func rotate(in launch: Launch) async throws(StartError) -> [String] {
        let lock = try InstanceLock(DataDirectory.prepare(launch.dataDirectory).lock)
        defer { lock.release() }
        return try await OfflineDatabase.with(launch) { database, file in
            let vault = try await Vault.open(database, file)
            return try await vault.rotation.run().report(vault.box.keys.current)
        }
    }
}

extension KeyRotation.Resealing {
    /// For the operator.
    func report(_ key: SecretKey) -> [String] {
        var lines = ["The master key is \(key.name) now; \(values) stored secrets are sealed with it and none with the old one"]
        if unreadable > 0 { lines.append("\(unreadable) stored secrets are damaged and stay as they are") }
        return lines + ["Older backups need the key that was saved with them: make a new one"]
    }
}
