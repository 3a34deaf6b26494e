/// How a refresh ended, as it is counted.
package enum RefreshResult: String, Sendable, CaseIterable {
    case rotated, dead, unknown
    case notSent = "not_sent"
    /// Not sent, and the operator has to do something about it.
    case clientRefused = "client_refused"
    /// Rotated, but the rest of the answer was refused.
    case invalid
    /// Rotated, but the database did not take it.
    case unsaved
}
