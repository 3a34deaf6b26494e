import Foundation
import NIOCore
import NIOHTTP1

/// A whole request.
struct HTTPRequest: Sendable {
    var method: HTTPMethod
    var target: RequestTarget
    var headers: HTTPHeaders
    var body: ByteBuffer
    /// The canonical address of whoever asks. Only a trusted proxy may name another one than that of the connection.
    var address: String

    /// The `Origin` header; nil when the request comes from no web page. Several of them count as one nobody allows.
    var origin: String? {
        let values = headers["Origin"]
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// Whether a person in front of a browser reads the answer.
    var takesHTML: Bool { headers["Accept"].contains { $0.lowercased().contains("text/html") } }

    /// Whether the answer may be compressed with gzip (RFC 9110 12.5.3).
    var takesGzip: Bool {
        let codings = headers["Accept-Encoding"].flatMap { $0.split(separator: ",") }.map { coding in
            let parts = coding.split(separator: ";").map { $0.trimmingSpaces.lowercased() }
            return (name: parts.first ?? "", isRefused: parts.dropFirst().contains { $0.wholeMatch(of: /q=0(\.0*)?/) != nil })
        }
        return (codings.first { $0.name == "gzip" } ?? codings.first { $0.name == "*" }).map { !$0.isRefused } ?? false
    }

    /// The token behind `Authorization: Bearer`.
    var bearer: String? {
        let words = (headers.first(name: "Authorization") ?? "").split(separator: " ")
        return words.count == 2 && words[0].lowercased() == "bearer" ? String(words[1]) : nil
    }

    /// What a form sent (`application/x-www-form-urlencoded`), readable like a query; nil when it is none.
    var form: RequestTarget? { RequestTarget("/?" + String(buffer: body)) }

    /// What it brought as JSON; nil when it brought something else.
    func json<Body: Decodable>(_ type: Body.Type) -> Body? {
        mediaType == "application/json" ? try? JSONDecoder().decode(type, from: Data(body.readableBytesView)) : nil
    }

    var host: String? { headers.first(name: "Host") }

    /// The media type of the body in lower case, without parameters.
    var mediaType: String? {
        headers.first(name: "Content-Type")?.split(separator: ";").first?.trimmingSpaces.lowercased()
    }
}

extension Substring {
    /// Without spaces and tabs at its ends.
    var trimmingSpaces: Substring {
        var rest = self.drop { $0 == " " || $0 == "\t" }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return rest
    }
}
