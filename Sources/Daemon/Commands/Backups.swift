import Foundation
import MainLoop
import Store

/// Backups, from the command line. Works beside a running server, and in it.
package enum Backups {
    /// What is asked for.
    package struct Order: Codable, Sendable, Equatable {
        /// Absolute path of the file to write.
        package var path: String
        /// Whether the master key goes in too.
        package var includesKey: Bool
        /// Whether a file of that name gives way.
        package var replaces: Bool

        package init(path: String, includesKey: Bool, replaces: Bool) {
            (self.path, self.includesKey, self.replaces) = (URL(fileURLWithPath: path).path, includesKey, replaces)
        }

        /// Reads what ``text`` wrote; nil when it is none.
        package init?(text: String) {
            guard let order = try? JSONDecoder().decode(Order.self, from: Data(text.utf8)), order.path.hasPrefix("/") else { return nil }
            self = order
        }

        package var text: String {
            String(decoding: (try? JSONEncoder().encode(self)) ?? Data(), as: UTF8.self)
        }
    }

    static let configurationName = "roost.toml"
    static let keyName = "secret.key"
    static let certificateNames = ["tls-certificate.pem", "tls-key.pem", "acme-certificate.pem", "acme-state.json"]

    /// Writes and checks a backup.
    ///
    /// - Returns: what to tell the operator.
    /// - Throws: ``StartError``; there is no half file then.
    package static func make(_ order: Order, of launch: Launch) async throws(StartError) -> [String] {
        let data = try DataDirectory.prepare(launch.dataDirectory)
        let file = try launch.keyFile(in: data)
        guard order.path != data.database, !order.path.hasPrefix(data.database + "-"), order.path != file.path else {
            throw StartError(order.path, "belongs to the server itself", remedy: "choose another name")
        }
        var files: [String: Data] = [:]
        files[configurationName] = launch.configurationFile.flatMap { FileManager.default.contents(atPath: $0) }
        for name in certificateNames { files[name] = FileManager.default.contents(atPath: data.path + "/" + name) }
        if order.includesKey {
            guard let key = FileManager.default.contents(atPath: file.path) else {
                throw StartError(
                    file.path, "the master key cannot be read", remedy: "leave out --with-key, or run it as the user of the server")
            }
            files[keyName] = key
        }
        let enclosed = files
        do {
            // Copying takes a while: not on a thread that others need.
            let content = try await Task.detached {
                try Backup.make(
                    of: data.database, to: order.path, files: enclosed, replacing: order.replaces, now: SystemClock().wallMilliseconds)
            }.value
            return report(order, content, file)
        } catch let error as BackupError {
            throw StartError(error)
        } catch {
            throw StartError(order.path, "\(error)", remedy: "see whether the disk is full, and try again")
        }
    }

    private static func report(_ order: Order, _ content: Backup.Content, _ file: SecretKeyFile) -> [String] {
        let names = content.files.keys.sorted()
        let enclosed = names.isEmpty ? "" : " and \(names.joined(separator: ", "))"
        var lines = ["Wrote and checked \(order.path): \(content.rows) rows\(enclosed)"]
        if order.includesKey {
            lines.append("The master key is in it: who has this file has everything, so keep it private")
        } else if let sealedWith = content.sealedWith {
            lines.append("The master key \(SecretKey.name(sealedWith)) is NOT in it: save \(file.path) somewhere else, or use --with-key")
        }
        return lines
    }
}
