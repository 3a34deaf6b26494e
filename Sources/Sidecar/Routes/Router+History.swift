import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Server

extension Router {
    private struct Pins: Encodable {
        let channel: String
        let pins: [PublicPin]
    }

    /// `GET /api/v1/channels/{name}/pins`: what those who run a channel keep in sight. Whoever may not read it is told that there is none.
    func pins(of name: String, for visitor: Visitor) async throws -> HTTPResponse {
        guard let (channel, pins) = try await server.pins(of: name, for: visitor.caller) else {
            return try .problem(.notFound, "There is no such channel")
        }
        return try .json(Pins(channel: channel, pins: pins))
    }

    /// `GET /export?token=…&after=…`: what somebody said, for whoever has the link.
    func export(_ request: HTTPRequest) async throws -> HTTPResponse {
        if let wait = waitOfGuesser(request) {
            return .tooMany("Too many unknown tokens from your address", wait: wait)
        }
        let token = request.target.item("token") ?? ""
        guard let page = try await server.export(token: token, after: request.target.item("after").flatMap { Int64($0) } ?? 0) else {
            countGuess(request)
            return .text(.notFound, "This link does not count any more; ask HistServ for another one")
        }
        var response = HTTPResponse(.ok, type: "application/jsonl", body: ByteBuffer(bytes: page.lines))
        response.headers.add(name: "Content-Disposition", value: "attachment; filename=\"messages.jsonl\"")
        if let next = page.next {
            response.headers.add(name: "Link", value: "</export?token=\(token)&after=\(next)>; rel=\"next\"")
        }
        return response
    }
}
