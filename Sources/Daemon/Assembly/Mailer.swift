import Foundation
import Logging
import Settings

/// Sends mail with a program of the machine: sendmail, or what calls itself so.
struct Mailer: Sendable {
    /// How long the program may take.
    private static let patience: TimeInterval = 30

    /// Its absolute path.
    let program: String
    let sender: String
    let logger: Logger

    struct Failure: Error {}

    /// - Throws: when the program that the settings name cannot be run.
    static func check(_ settings: Settings) throws(StartError) {
        guard let program = settings.accounts.mailer else { return }
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: program, isDirectory: &isDirectory), !isDirectory.boolValue else {
            throw StartError(
                "accounts.mailer: \(program)", "there is no such program", remedy: "write its whole path, as /usr/sbin/sendmail")
        }
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw StartError("accounts.mailer: \(program)", "cannot be run by this user", remedy: "see its permissions")
        }
    }

    /// Gives one mail to the program. The caller has checked that nothing in `address` and `subject` ends a line.
    ///
    /// - Throws: ``Failure`` when it cannot be started, takes too long or says no.
    func send(_ address: String, _ subject: String, _ text: String) async throws {
        let mail = "From: \(sender)\nTo: \(address)\nSubject: \(subject)\nContent-Type: text/plain; charset=utf-8\n\n\(text)"
        let (process, input) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-t"]
        (process.standardInput, process.standardOutput, process.standardError) = (input, FileHandle.nullDevice, FileHandle.nullDevice)
        let status: Int32 = await withCheckedContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
                DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { if process.isRunning { process.terminate() } }
                try? input.fileHandleForWriting.write(contentsOf: Data(mail.utf8))
                try? input.fileHandleForWriting.close()
            } catch {
                process.terminationHandler = nil
                logger.error("mail.failed", metadata: ["program": "\(program)", "status": "\(error.localizedDescription)"])
                continuation.resume(returning: -1)
            }
        }
        guard status == 0 else {
            if status > 0 { logger.error("mail.failed", metadata: ["program": "\(program)", "status": "\(status)"]) }
            throw Failure()
        }
    }
}
