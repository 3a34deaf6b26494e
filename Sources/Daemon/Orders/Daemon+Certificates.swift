import ACME
import Admin
import MainLoop
import Transport

extension Daemon {
    /// What `roost admin certificates` asks for.
    package nonisolated static let certificatesName = "certificates"

    /// Lists the certificates of `listen.tls` and what is ordered; `retry` does not wait any longer after a failure.
    func tellOfCertificates(_ command: String) -> AdminAnswer {
        switch command.lowercased() {
        case "", "help": return AdminAnswer(lines: certificateLines + orderLines)
        case "retry":
            guard orders.machine != nil else { return AdminAnswer(error: "no certificate is ordered: acme.domains is empty") }
            orders.retry()
            return AdminAnswer(lines: ["Tried again now; the log says what comes of it."])
        default: return AdminAnswer(error: "write certificates, or certificates retry")
        }
    }

    private var certificateLines: [String] {
        guard let certificates else { return ["There is no TLS port."] }
        return certificates.sources.map { certificate, path in
            let names = certificate.names.isEmpty ? certificate.fingerprint : certificate.names.joined(separator: " ")
            return "\(names): until \(CertificateOrders.text(certificate.validity.upperBound)), from \(path)"
        }
    }

    private var orderLines: [String] {
        guard let machine = orders.machine else { return [] }
        var lines: [String] = []
        if let order = machine.record.order {
            lines.append("Ordered since \(CertificateOrders.text(order.begun)): \(order.names.joined(separator: " "))")
        } else if let renewal = machine.renewalTime {
            lines.append("Next renewal: \(CertificateOrders.text(renewal))")
        }
        if let error = machine.record.lastError { lines.append("Last error: \(error)") }
        if machine.record.failures > 0 { lines.append("Orders that failed since the last certificate: \(machine.record.failures)") }
        if let rest = machine.record.restUntil { lines.append("Next attempt: \(CertificateOrders.text(rest))") }
        return lines
    }
}
