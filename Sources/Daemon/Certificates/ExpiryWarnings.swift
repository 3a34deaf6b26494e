import Transport

/// Decides when to warn that a certificate ends: once at each step, from two weeks or a fifth of its time before the end on.
struct ExpiryWarnings: Sendable {
    struct Warning: Equatable {
        let fingerprint: String
        let names: [String]
        /// Until the end; not positive when it is over.
        let hoursLeft: Int64
    }

    private static let hour: Int64 = 3_600_000
    /// Milliseconds before the end, from the last to the first.
    private static let steps: [Int64] = [0, 24 * hour, 72 * hour, 168 * hour, 336 * hour]

    /// The step that was warned of, by fingerprint.
    private var warned: [String: Int64] = [:]

    /// What to warn of now.
    ///
    /// - Parameter now: milliseconds since 1970.
    mutating func due(_ certificates: ServerCertificates, now: Int64) -> [Warning] {
        let present = Set(certificates.fingerprints)
        warned = warned.filter { present.contains($0.key) }
        return certificates.all.compactMap { certificate in
            let (start, end) = (certificate.validity.lowerBound, certificate.validity.upperBound)
            let earliest = (end - start) / 5
            guard let step = Self.steps.first(where: { end - now <= $0 }), end - now <= max(earliest, 0),
                warned[certificate.fingerprint].map({ step < $0 }) ?? true
            else { return nil }
            warned[certificate.fingerprint] = step
            return Warning(fingerprint: certificate.fingerprint, names: certificate.names, hoursLeft: (end - now) / Self.hour)
        }
    }
}
