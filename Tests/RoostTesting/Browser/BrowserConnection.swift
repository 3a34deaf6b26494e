import Foundation
import Synchronization

/// One DevTools connection, of a browser or of a page: a command goes out, its answer comes back.
final class BrowserConnection: Sendable {
    /// What the browser refused.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// The result of a command.
    struct Result {
        let members: [String: PeerJSON]

        /// A text in it; throws ``Refusal`` where there is none.
        func string(_ name: String) throws -> String {
            guard case .string(let text)? = members[name] else { throw Refusal(description: "no \(name) in \(members)") }
            return text
        }
    }

    private let socket: TestIRCClient
    private let count = Mutex(0)

    private init(_ socket: TestIRCClient) {
        self.socket = socket
    }

    static func open(port: Int, path: String) async throws -> BrowserConnection {
        BrowserConnection(try await .connect(port: port, .webSocket(subprotocols: [], origin: nil, path: path)))
    }

    /// What the browser told by itself, as far as `text` is in it.
    func events(containing text: String) -> [String] {
        socket.lines.filter { !$0.hasPrefix("{\"id\":") && $0.contains(text) }
    }

    /// Throws ``Refusal``, or what reading throws. The commands of one connection go one after another.
    func call(_ method: String, _ parameters: PeerJSON = [:]) async throws -> Result {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let command: PeerJSON = ["id": .integer(number), "method": .string(method), "params": parameters]
        try await socket.send(String(decoding: command.data, as: UTF8.self))
        let answer = try await socket.next(containing: "{\"id\":\(number),")
        guard case .object(let members) = try PeerJSON(parsing: Data(answer.utf8)), case .object(let result)? = members["result"] else {
            throw Refusal(description: answer)
        }
        return Result(members: result)
    }
}
