/// The `msgid` of a message: 26 characters of Crockford's base 32 that sort by the time they were made (48 bits of
/// milliseconds, 80 random bits), so that an index over them grows at its end.
package enum MessageID {
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    /// A new id for a message of `time` (milliseconds since 1970).
    package static func make(time: Int64, using generator: inout some RandomNumberGenerator) -> String {
        var high = UInt64(truncatingIfNeeded: time)
        var low: (UInt64, UInt64) = (generator.next(), generator.next())
        return String(unsafeUninitializedCapacity: 26) { bytes in
            for index in stride(from: 9, through: 0, by: -1) {
                bytes[index] = alphabet[Int(high & 31)]
                high >>= 5
            }
            for index in 10..<18 {
                bytes[index] = alphabet[Int(low.0 & 31)]
                low.0 >>= 5
            }
            for index in 18..<26 {
                bytes[index] = alphabet[Int(low.1 & 31)]
                low.1 >>= 5
            }
            return 26
        }
    }
}
