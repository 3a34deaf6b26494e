/// The text of a moment on the wire: `2026-01-01T00:00:00.000Z` (IRCv3 server-time), and back.
package enum ServerTime {
    /// - Parameter milliseconds: since 1970, within the years 0 to 9999.
    package static func format(_ milliseconds: Int64) -> String {
        let (days, rest) = milliseconds.quotientAndRemainder(flooringBy: 86_400_000)
        let date = civil(days: days)
        let clock = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000)
        return String(unsafeUninitializedCapacity: 24) { bytes in
            var position = 0
            func put(_ value: Int64, _ digits: Int, _ end: UInt8) {
                var value = value
                for index in stride(from: position + digits - 1, through: position, by: -1) {
                    bytes[index] = UInt8(ascii: "0") + UInt8(value % 10)
                    value /= 10
                }
                bytes[position + digits] = end
                position += digits + 1
            }
            put(date.year, 4, UInt8(ascii: "-"))
            put(date.month, 2, UInt8(ascii: "-"))
            put(date.day, 2, UInt8(ascii: "T"))
            put(clock.0, 2, UInt8(ascii: ":"))
            put(clock.1, 2, UInt8(ascii: ":"))
            put(clock.2, 2, UInt8(ascii: "."))
            put(clock.3, 3, UInt8(ascii: "Z"))
            return 24
        }
    }

    /// Milliseconds since 1970; nil when `text` is not of the form above (the fraction may be absent).
    package static func parse(_ text: some StringProtocol) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 24 || bytes.count == 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        func number(_ start: Int, _ digits: Int) -> Int64? {
            var value: Int64 = 0
            for byte in bytes[start..<start + digits] {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        let separators: [(Int, Character)] = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
        guard separators.allSatisfy({ bytes[$0.0] == $0.1.asciiValue }), bytes.count == 20 || bytes[19] == UInt8(ascii: ".") else {
            return nil
        }
        guard let year = number(0, 4), let month = number(5, 2), let day = number(8, 2), let hour = number(11, 2),
            let minute = number(14, 2), let second = number(17, 2), let fraction = bytes.count == 24 ? number(20, 3) : 0,
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
        else { return nil }
        let days = dayNumber(year, month, day)
        guard civil(days: days).day == day else { return nil }
        return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction
    }

    // Days since 1970 and the proleptic Gregorian calendar, counted in years that begin in March so that the leap day comes last.

    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(flooringBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = year.quotientAndRemainder(flooringBy: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Int64 {
    /// Division that rounds down, so that moments before 1970 fall into the right day.
    fileprivate func quotientAndRemainder(flooringBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
