import Crypto
import Foundation
import NIOHTTP1

/// A request to make a WebSocket of the connection, understood and checked (RFC 6455 section 4.2.1).
struct WebSocketHandshake: Sendable, Equatable {
    /// The subprotocols of IRCv3: what a message holds.
    enum Subprotocol: String, Sendable, CaseIterable {
        case text = "text.ircv3.net"
        case binary = "binary.ircv3.net"
    }

    /// Nil when the client offered none that is known; lines then go as text.
    let subprotocol: Subprotocol?
    private let accept: String

    /// Nil when the request asks for no WebSocket, or not properly.
    init?(_ head: HTTPRequestHead) {
        guard head.method == .GET, head.version == .http1_1, head.headers.lists("websocket", in: "Upgrade"),
            head.headers.lists("upgrade", in: "Connection"), head.headers["Sec-WebSocket-Version"] == ["13"]
        else { return nil }
        let keys = head.headers["Sec-WebSocket-Key"]
        guard keys.count == 1, Data(base64Encoded: keys[0])?.count == 16 else { return nil }
        // The identifier is the protocol's own (section 1.3).
        let digest = Insecure.SHA1.hash(data: Data((keys[0] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        accept = Data(digest).base64EncodedString()
        subprotocol = head.headers.listed(in: "Sec-WebSocket-Protocol").lazy.compactMap { Subprotocol(rawValue: $0) }.first
    }

    /// The answer that opens it.
    var response: HTTPResponseHead {
        var headers: HTTPHeaders = ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": accept]
        if let subprotocol { headers.add(name: "Sec-WebSocket-Protocol", value: subprotocol.rawValue) }
        return HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
    }
}

extension HTTPHeaders {
    /// The items of a header that is a list, as sent.
    func listed(in name: String) -> [String] {
        self[name].flatMap { $0.split(separator: ",").map { String($0.trimmingSpaces) } }
    }

    /// Whether that list has `item`, in any case.
    func lists(_ item: String, in name: String) -> Bool {
        listed(in: name).contains { $0.lowercased() == item }
    }
}
