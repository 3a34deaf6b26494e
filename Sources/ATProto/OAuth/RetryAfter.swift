import Foundation

/// The `Retry-After` header (RFC 9110, 10.2.3).
package enum RetryAfter {
    /// The wait that `text` asks for, held between 1 s and `longest`; nil when it is neither seconds nor a date.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - longest: seconds.
    package static func duration(_ text: String, now: Int64, longest: Int64 = 3600) -> Duration? {
        let text = text.trimmingCharacters(in: .whitespaces)
        let seconds: Int64
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            seconds = Int64(text) ?? .max
        } else {
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.timeZone = TimeZone(secondsFromGMT: 0)
            format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
            guard text.utf8.count <= 64, let date = format.date(from: text) else { return nil }
            seconds = Int64(date.timeIntervalSince1970) - now / 1000
        }
        return .seconds(min(max(1, seconds), longest))
    }
}
