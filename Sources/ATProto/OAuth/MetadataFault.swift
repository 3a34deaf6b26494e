/// What is wrong with the metadata of a PDS or an authorization server.
package enum MetadataFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not a JSON object.
    case notJSON
    /// A member is missing or of the wrong type.
    case missing(String)
    /// A member does not hold what the AT Protocol profile demands.
    case unacceptable(String, String)

    package var description: String {
        switch self {
        case .notJSON: "the metadata is not a JSON object"
        case .missing(let member): "the metadata lacks \(member)"
        case .unacceptable(let member, let why): "\(member) \(why)"
        }
    }
}
