/// Why a step of a login failed.
package enum OAuthError: Error, Sendable, CustomStringConvertible {
    /// A request did not come through.
    case network(FetchError)
    /// The metadata of the PDS or the authorization server is not what the profile demands.
    case metadata(MetadataFault)
    /// A metadata document came with this status or media type.
    case noMetadata(String)
    /// The authorization server refused; status and error code, and when it wants to be asked again.
    case refused(status: Int, code: String, retryAfter: Duration? = nil)
    /// The answer came with success, but is not usable.
    case unreadable(String)
    /// The proof could not be made.
    case signing
    /// Too many discoveries at once.
    case busy

    /// How long the server wants to be left alone.
    package var retryAfter: Duration? {
        switch self {
        case .network(.askedToWait(let wait)): wait
        case .refused(429, _, let wait), .refused(503, _, let wait): wait
        default: nil
        }
    }

    package var description: String {
        switch self {
        case .network(let error): String(describing: error)
        case .metadata(let fault): fault.description
        case .noMetadata(let why): why
        case .refused(let status, let code, _): code.isEmpty ? "status \(status)" : "\(code) (status \(status))"
        case .unreadable(let what): what
        case .signing: "the request could not be signed"
        case .busy: "too many look-ups at once"
        }
    }
}
