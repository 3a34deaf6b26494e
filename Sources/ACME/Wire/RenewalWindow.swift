package import Foundation

/// When the authority would like a certificate to be renewed (RFC 9773 section 4.2), in milliseconds since 1970.
package struct RenewalWindow: Sendable, Equatable, Codable {
    package var start: Int64
    package var end: Int64

    package init(start: Int64, end: Int64) {
        (self.start, self.end) = (start, end)
    }

    /// Nil when `data` names none, or one that ends before it begins.
    package init?(_ data: Data) {
        struct Document: Decodable {
            struct Window: Decodable {
                var start: String
                var end: String
            }
            var suggestedWindow: Window
        }
        guard let window = (try? JSONDecoder().decode(Document.self, from: data))?.suggestedWindow,
            let start = Self.milliseconds(window.start), let end = Self.milliseconds(window.end), start < end
        else { return nil }
        self.init(start: start, end: end)
    }

    /// Reads a time of RFC 3339.
    private static func milliseconds(_ text: String) -> Int64? {
        guard text.utf8.count <= 64 else { return nil }
        let format = ISO8601DateFormatter()
        for options: ISO8601DateFormatter.Options in [.withInternetDateTime, [.withInternetDateTime, .withFractionalSeconds]] {
            format.formatOptions = options
            if let date = format.date(from: text) { return Int64(date.timeIntervalSince1970 * 1000) }
        }
        return nil
    }
}
