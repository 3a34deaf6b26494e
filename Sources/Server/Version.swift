/// The version that the server tells of itself.
package enum Version {
    /// `roost-0.1.0`.
    package static let text = "roost-\(number)"
    /// As in CHANGELOG.md.
    package static let number = "0.1.0"
}
