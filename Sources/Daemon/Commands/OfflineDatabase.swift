import Store

/// The database of a data directory for one command of the command line, beside a server that may be running.
enum OfflineDatabase {
    /// Opens it, making it if it is missing, and closes it when `body` is done.
    ///
    /// - Throws: ``StartError``, with what to do about it.
    static func with<Result: Sendable>(
        _ directory: String, _ body: (RoostDatabase, DataDirectory) async throws -> Result
    ) async throws(StartError) -> Result {
        let data = try DataDirectory.prepare(directory)
        do {
            let database = try RoostDatabase(path: data.database)
            let result = try await body(database, data)
            try database.close()
            return result
        } catch let error as StartError {
            throw error
        } catch let error as StoreError {
            throw StartError(error)
        } catch {
            throw StartError(data.database, "cannot be written to: \(error)", remedy: "see whether the disk is full, and try again")
        }
    }

    /// The same for a command that seals or opens secrets.
    ///
    /// - Throws: ``StartError``.
    static func with<Result: Sendable>(
        _ launch: Launch, _ body: (RoostDatabase, SecretKeyFile) async throws -> Result
    ) async throws(StartError) -> Result {
        try await with(launch.dataDirectory) { database, data in
            let file = try launch.keyFile(in: data)
            do {
                return try await body(database, file)
            } catch {
                throw StartError(opening: file, error) ?? error
            }
        }
    }
}
