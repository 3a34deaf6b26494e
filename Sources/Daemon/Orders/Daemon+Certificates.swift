import ACME
import MainLoop
import Transport

extension Daemon {
    package var certificateLines: [String] { servedLines + orderLines }

    package func retryCertificates() -> Bool {
        guard orders.machine != nil else { return false }
        orders.retry()
        return true
    }

    private var servedLines: [String] {
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
