import RoostTesting
import Testing

/// One row of the table in docs/broker.md: something goes wrong at one endpoint, once.
struct FaultCase: Sendable, CustomTestStringConvertible {
    /// In the middle of what it goes wrong.
    enum Situation: String {
        case login
        /// `POST /session` with an access token that ran out.
        case session
        /// A session is given back because a newer one needs its place.
        case revocation
    }

    let situation: Situation
    let endpoint: PeerEndpoint
    let fault: String
    let action: PeerFault.Action
    /// The fault is that an answer takes longer than it may.
    var isTooSlow = false

    var testDescription: String { "\(situation.rawValue) \(endpointName) \(fault)" }

    /// The first pushed request of all is asked for a nonce, which is not what the fault is about; unless it is.
    var skip: Int { endpoint == .par && fault != "no_nonce_header" ? 1 : 0 }

    /// As the table has it.
    var endpointName: String {
        switch endpoint {
        case .serverMetadata: "AS metadata"
        case .resourceMetadata: "PDS metadata"
        case .plc: "PLC"
        case .par: "PAR"
        case .codeGrant: "token (code)"
        case .refreshGrant: "token (refresh)"
        default: endpoint.rawValue
        }
    }

    static let all: [FaultCase] =
        cases(.login, [.plc, .resourceMetadata, .serverMetadata, .par, .codeGrant])
        + [FaultCase(situation: .login, endpoint: .authorize, fault: "redirect_params", action: .callback(["iss": nil]))]
        + cases(.session, [.plc, .resourceMetadata, .serverMetadata, .refreshGrant])
        + [FaultCase(situation: .session, endpoint: .refreshGrant, fault: "revoke", action: .revokeSession)]
        + cases(.revocation, [.revoke])

    private static func cases(_ situation: Situation, _ endpoints: [PeerEndpoint]) -> [FaultCase] {
        endpoints.flatMap { endpoint in
            actions.map { FaultCase(situation: situation, endpoint: endpoint, fault: $0.0, action: $0.1) } + [
                FaultCase(situation: situation, endpoint: endpoint, fault: "patch", action: .patch(patch(endpoint))),
                FaultCase(
                    situation: situation, endpoint: endpoint, fault: "latency over the limit", action: .latency(.seconds(100), .before),
                    isTooSlow: true),
            ]
        }
    }

    private static let actions: [(String, PeerFault.Action)] = [
        ("latency", .latency(.milliseconds(50), .before)),
        ("status 500", .status(500, .before)),
        ("status 503, Retry-After", .status(503, .before, headers: ["Retry-After": "3600"])),
        ("status 429, Retry-After", .status(429, .before, headers: ["Retry-After": "3600"])),
        ("status_after 500", .status(500, .after)),
        ("error invalid_grant", .oauthError("invalid_grant")),
        ("error invalid_client", .oauthError("invalid_client")),
        ("drop_before", .drop(.before)),
        ("drop_after", .drop(.after)),
        ("rotate_nonce", .rotateNonces),
        ("no_nonce_header", .withholdNonce),
        ("truncate", .truncate(bytes: 10)),
        ("slow_body", .slowBody(.milliseconds(100))),
        ("garbage", .body("<html>")),
        ("oversize", .oversize(bytes: 1 << 20)),
        ("content_type", .contentType("text/html")),
        ("redirect", .redirect(to: "http://127.0.0.1:1/")),
    ]

    /// A change that makes the answer of an endpoint say something that must not be believed.
    private static func patch(_ endpoint: PeerEndpoint) -> PeerJSON {
        switch endpoint {
        case .plc: ["id": "did:plc:somebodyelsesdocument234"]
        case .resourceMetadata: ["authorization_servers": ["http://127.0.0.1:1"]]
        case .serverMetadata: ["issuer": "http://127.0.0.1:1"]
        case .par: ["request_uri": nil]
        case .codeGrant: ["sub": "did:plc:somebodyelsesdocument234"]
        case .refreshGrant: ["scope": nil]
        default: ["x": 1]
        }
    }
}
