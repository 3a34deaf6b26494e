import NIOCore
import NIOHTTP1

extension HTTPResponse {
    private struct Problem: Encodable {
        let title: String
        let status: Int
    }

    /// An error as RFC 9457 has it.
    ///
    /// - Parameter retryAfter: seconds after which the client may try again.
    static func problem(_ status: HTTPResponseStatus, _ title: String, retryAfter: Int? = nil) throws -> HTTPResponse {
        var response = try problem(status, Problem(title: title, status: Int(status.code)))
        if let retryAfter { response.headers.add(name: "Retry-After", value: String(retryAfter)) }
        return response
    }

    /// As above, with members of its own.
    static func problem(_ status: HTTPResponseStatus, _ body: some Encodable) throws -> HTTPResponse {
        var response = try HTTPResponse.json(body)
        response.status = status
        response.headers.replaceOrAdd(name: "Content-Type", value: "application/problem+json")
        return response
    }

    /// An error as the path has it: in the API as RFC 9457 has it, elsewhere in plain text.
    ///
    /// - Parameter retryAfter: seconds after which the client may try again.
    static func refusal(_ status: HTTPResponseStatus, _ title: String, retryAfter: Int? = nil, at path: String) -> HTTPResponse {
        let isAPI = path.hasPrefix("/api/")
        return (isAPI ? try? problem(status, title, retryAfter: retryAfter) : nil) ?? .text(status, title, retryAfter: retryAfter)
    }

    /// 401, with what would help.
    static func unauthorized(_ title: String, challenge: String) throws -> HTTPResponse {
        var response = try problem(.unauthorized, title)
        response.headers.add(name: "WWW-Authenticate", value: challenge)
        return response
    }
}
