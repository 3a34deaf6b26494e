import ACME
import Foundation

/// What ACME keeps in the data directory. Writing waits for the disk, so it is done on a thread that nobody waits for.
struct OrderFiles: Sendable {
    let data: DataDirectory

    /// What the record says; nil when there is none. Throws when it cannot be read.
    func record() throws -> OrderRecord? {
        guard let content = FileManager.default.contents(atPath: data.orderRecord) else { return nil }
        return try JSONDecoder().decode(OrderRecord.self, from: content)
    }

    /// The certificate that is there.
    var certificate: ObtainedCertificate? {
        guard let content = FileManager.default.contents(atPath: data.orderedCertificate) else { return nil }
        return ObtainedCertificate(pem: String(decoding: content, as: UTF8.self))
    }

    func write(_ record: OrderRecord) async throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        try await write(encoder.encode(record), to: data.orderRecord)
    }

    func write(_ certificate: ObtainedCertificate) async throws {
        try await write(Data(certificate.pem.utf8), to: data.orderedCertificate)
    }

    private func write(_ content: Data, to path: String) async throws {
        try await Task.detached { try PrivateFile.write(content, to: path) }.value
    }
}
