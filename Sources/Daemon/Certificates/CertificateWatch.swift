/// Decides when changed certificate files are read: not before they have been left alone from one look to the next, so that a
/// pair of which one half is written is not taken for a new one.
struct CertificateWatch: Sendable {
    enum Decision: Equatable {
        /// The files are those in use.
        case unchanged
        /// They have changed just now, or are still being written.
        case wait
        case load
    }

    /// How often to look.
    static let interval: Duration = .seconds(10)

    private var loaded: [FileStamp]
    private var last: [FileStamp]
    private var complaint: String?

    init(loaded: [FileStamp]) {
        (self.loaded, last) = (loaded, loaded)
    }

    /// - Parameter stamps: what the files are now.
    mutating func look(_ stamps: [FileStamp]) -> Decision {
        defer { last = stamps }
        if stamps == loaded {
            complaint = nil
            return .unchanged
        }
        return stamps == last ? .load : .wait
    }

    /// The files with these stamps are in use now.
    mutating func took(_ stamps: [FileStamp]) {
        self = CertificateWatch(loaded: stamps)
    }

    /// They cannot be used; they are tried again at every look.
    ///
    /// - Returns: whether this is news.
    mutating func failed(_ reason: String) -> Bool {
        defer { complaint = reason }
        return complaint != reason
    }
}
