/// A certificate and its key: absolute paths of PEM files.
package struct CertificatePair: Sendable, Hashable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        (self.certificate, self.key) = (certificate, key)
    }
}

extension Format where Value == CertificatePair {
    private static let pairKind = "a pair of paths, such as { certificate = \"chain.pem\", key = \"key.pem\" }"

    /// `{ certificate = "…", key = "…" }`, or a section `[[tls.certificates]]`.
    static let certificatePair = Format(
        kind: pairKind,
        read: { node, context throws(ValueError) in
            guard case .table(var entries) = node else { throw ValueError("must be \(pairKind), not \(node.typeName)") }
            guard let certificate = entries.removeValue(forKey: "certificate"), let key = entries.removeValue(forKey: "key") else {
                throw ValueError("needs both certificate and key")
            }
            if let other = entries.keys.min() { throw ValueError("has certificate and key, and no \(other)") }
            let path = Format<String>.path
            return CertificatePair(certificate: try path.read(certificate, context), key: try path.read(key, context))
        },
        write: { "{ certificate = \(quoted($0.certificate)), key = \(quoted($0.key)) }" },
        plain: TOMLNode.plain)
}
