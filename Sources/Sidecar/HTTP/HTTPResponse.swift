import Foundation
import NIOCore
import NIOHTTP1

/// A whole answer.
struct HTTPResponse: Sendable {
    var status: HTTPResponseStatus
    var headers: HTTPHeaders
    var body: ByteBuffer

    init(_ status: HTTPResponseStatus, type: String? = nil, body: ByteBuffer = ByteBuffer()) {
        self.status = status
        self.body = body
        headers = ["X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"]
        if let type { headers.add(name: "Content-Type", value: type) }
    }

    /// Plain text, as errors are told.
    static func text(_ status: HTTPResponseStatus, _ text: String) -> HTTPResponse {
        HTTPResponse(status, type: "text/plain; charset=utf-8", body: ByteBuffer(string: text + "\n"))
    }

    /// Plain text for a client that may try again in `seconds`.
    static func text(_ status: HTTPResponseStatus, _ text: String, retryAfter seconds: Int?) -> HTTPResponse {
        var response = Self.text(status, text)
        if let seconds { response.headers.add(name: "Retry-After", value: String(seconds)) }
        return response
    }

    static func json(_ value: some Encodable) throws -> HTTPResponse {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return HTTPResponse(.ok, type: "application/json", body: ByteBuffer(bytes: try encoder.encode(value)))
    }

    static func redirect(_ status: Int, to location: String) -> HTTPResponse {
        // Parts of it come from other servers; a line break in it would be a second answer.
        guard location.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return .text(.badGateway, "The address to go to next is not valid")
        }
        var response = HTTPResponse(HTTPResponseStatus(statusCode: status))
        response.headers.add(name: "Location", value: location)
        // The address that is left may carry a state or a handle.
        response.headers.add(name: "Referrer-Policy", value: "no-referrer")
        return response
    }
}
