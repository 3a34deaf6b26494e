package import MainLoop
import NIOCore
import NIOHTTP1
package import Transport

/// What a certificate authority that wants to see whether a name leads here finds over HTTP (RFC 8555 section 8.3), on `listen.http` and
/// on ports of its own. There is something only while an order is under way.
@LoopActor
package final class ChallengeAnswers {
    /// What stands before the token.
    nonisolated static let path = "/.well-known/acme-challenge/"
    /// Connections to the ports of its own at once; an authority needs a handful.
    nonisolated static let connectionLimit = 64

    /// The answers, by token.
    package var answers: [String: String] = [:]
    let edge: Edge
    /// Connections to them that are open.
    private(set) var count = 0

    init(_ edge: Edge) {
        self.edge = edge
    }

    /// Binds a port that answers challenges and nothing else. It accepts after `Listener.start()`.
    package func listen(on address: ListenAddress, key: String = "acme.listen") async throws(BindError) -> Listener {
        try await Listener.bind(address, key: key, edge: edge) { [self] channel in
            guard count < Self.connectionLimit else { return channel.eventLoop.execute { channel.reset() } }
            let pipeline = channel.pipeline.syncOperations
            var decoding = NIOHTTPDecoderLimitConfiguration()
            decoding.maxHeaderFieldSize = 4 << 10
            decoding.maxHeaderListSize = 8 << 10
            decoding.maxHeaderFieldCount = 50
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(
                ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: decoding)))
            try pipeline.addHandler(ChallengeConnection(self))
        }
    }

    /// What to answer to a request for `path`.
    func respond(to path: String) -> HTTPResponse {
        guard path.hasPrefix(Self.path), let answer = answers[String(path.dropFirst(Self.path.count))] else {
            return .text(.notFound, "Nothing is here")
        }
        return HTTPResponse(.ok, type: "application/octet-stream", body: ByteBuffer(string: answer))
    }

    func begin() { count += 1 }

    func end() { count -= 1 }
}

extension Router {
    /// `GET /.well-known/acme-challenge/TOKEN`.
    func challenge(_ request: HTTPRequest) -> HTTPResponse {
        challenges?.respond(to: request.target.path) ?? .text(.notFound, "Nothing is here")
    }
}
