import Logging
package import MainLoop
import Settings
package import Transport

/// Keeps the certificates that TLS ports show as new as their files, and warns before they end.
@LoopActor
package final class CertificateKeeper {
    /// How often the ends of the certificates are looked at.
    private static let expiryInterval: Duration = .seconds(3600)

    let current: CurrentCertificates
    private var files: [CertificateFiles]
    private var watch: CertificateWatch
    private var expiry = ExpiryWarnings()
    private var nextExpiry: Duration
    private var isStopped = false
    private let clock: any LoopClock
    private let logger: Logger

    /// Reads the files and begins to watch them.
    init(_ files: [CertificateFiles], clock: any LoopClock, logger: Logger) throws(StartError) {
        let stamps = files.stamps
        current = CurrentCertificates(try files.load())
        watch = CertificateWatch(loaded: stamps)
        (self.files, self.clock, self.logger) = (files, clock, logger)
        nextExpiry = clock.uptime
        warnOfExpiry()
        schedule()
    }

    /// What new connections are shown.
    package var certificates: ServerCertificates { current.value }

    /// The certificates with the paths that they come from.
    var sources: [(certificate: ServerCertificate, path: String)] {
        zip(current.value.all, files).map { ($0, $1.certificate) }
    }

    /// Whether the server made the certificate itself.
    var isOwn: Bool { files.contains(where: \.isOwn) }

    /// Shows certificates that were read from `files` from now on.
    ///
    /// - Parameter stamps: what the files were before they were read.
    /// - Returns: whether they are other ones.
    func take(_ certificates: ServerCertificates, from files: [CertificateFiles], _ stamps: [FileStamp]) -> Bool {
        let isNew = certificates.fingerprints != current.value.fingerprints
        current.value = certificates
        self.files = files
        watch.took(stamps)
        warnOfExpiry()
        return isNew
    }

    func stop() {
        isStopped = true
    }

    private func schedule() {
        clock.schedule(after: CertificateWatch.interval) { [weak self] in
            guard let self, !self.isStopped else { return }
            self.look()
            if self.clock.uptime >= self.nextExpiry { self.warnOfExpiry() }
            self.schedule()
        }
    }

    private func look() {
        let stamps = files.stamps
        guard watch.look(stamps) == .load else { return }
        do throws(StartError) {
            let loaded = try files.load()
            // Whoever writes just now is waited for.
            guard files.stamps == stamps else { return }
            if take(loaded, from: files, stamps) {
                logger.notice("tls.certificate.changed", metadata: ["fingerprints": "\(loaded.fingerprints)"])
            }
        } catch {
            guard watch.failed(error.description) else { return }
            logger.error("tls.certificate.refused", metadata: ["reason": "\(error)", "in use": "\(current.value.fingerprints)"])
        }
    }

    private func warnOfExpiry() {
        nextExpiry = clock.uptime + Self.expiryInterval
        for warning in expiry.due(current.value, now: clock.wallMilliseconds) {
            let metadata: Logger.Metadata = [
                "names": "\(warning.names.joined(separator: " "))", "fingerprint": "\(warning.fingerprint)",
                "hours": "\(warning.hoursLeft)",
            ]
            if warning.hoursLeft > 0 {
                logger.warning("tls.certificate.expires", metadata: metadata)
            } else {
                logger.error("tls.certificate.expired", metadata: metadata)
            }
        }
    }
}
