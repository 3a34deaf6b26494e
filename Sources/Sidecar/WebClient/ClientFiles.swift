import Crypto
import Foundation
import NIOCore
import NIOHTTP1
import WebClient

/// The web client: a page, and files under an address that names their version, so that browsers keep them for good.
struct ClientFiles: Sendable {
    /// They are part of the program, so they are the same as long as it runs.
    static let all = ClientFiles()

    /// By the path within the client.
    private let files: [String: ByteBuffer]
    /// The same in gzip, as far as that is smaller and nothing is filled into them. They are compressed once.
    private let compressed: [String: ByteBuffer]
    /// Changes with every byte of any file.
    let version: String

    private init() {
        var files: [String: ByteBuffer] = [:]
        var hash = SHA256()
        var next = web_client_files()
        while let file = next?.pointee, let path = file.path {
            let bytes = UnsafeRawBufferPointer(start: file.bytes, count: file.length)
            hash.update(bufferPointer: UnsafeRawBufferPointer(start: path, count: strlen(path)))
            hash.update(bufferPointer: bytes)
            files[String(cString: path)] = ByteBuffer(bytes: bytes)
            next = next?.advanced(by: 1)
        }
        self.files = files
        compressed = files.filter { !Self.templates.contains($0.key) }.compactMapValues(Gzip.compressed)
        version = hash.finalize().prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The files with `{{places}}` in them.
    private static let templates: Set = ["index.html", "sw.js", "manifest.webmanifest"]

    /// The paths of the client's files within it.
    var paths: Set<String> { Set(files.keys) }

    /// The page, for the network of this name.
    ///
    /// - Parameter socketOrigin: as in `wss://irc.example.com`.
    func page(network: String, socketOrigin: String, takesGzip: Bool) -> HTTPResponse {
        let text = filled("index.html", ["network": HTMLPage.escape(network), "preload": preload])
        var response = HTTPResponse(.ok, type: "text/html; charset=utf-8")
        response.fill(with: text, compressed: takesGzip ? Gzip.compressed(text) : nil)
        let rules = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' https:", "connect-src 'self' \(socketOrigin)",
            "manifest-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
            "report-uri /client/report",
        ]
        response.headers.add(name: "Content-Security-Policy", value: rules.joined(separator: "; "))
        response.headers.add(name: "Cross-Origin-Opener-Policy", value: "same-origin")
        response.headers.add(name: "Referrer-Policy", value: "no-referrer")
        response.headers.add(name: "X-Frame-Options", value: "DENY")
        response.headers.replaceOrAdd(name: "Cache-Control", value: "no-cache")
        return response
    }

    /// What stands at `path` of the server; nil: nothing.
    func file(_ path: String, network: String, takesGzip: Bool) -> HTTPResponse? {
        let prefix = "/client/\(version)/"
        if path.hasPrefix(prefix) {
            let name = String(path.dropFirst(prefix.count))
            guard name.hasSuffix(".js") || name.hasSuffix(".css"), let body = files[name] else { return nil }
            return response(name, body, takesGzip ? compressed[name] : nil, cache: "public, max-age=31536000, immutable")
        }
        let name = String(path.dropFirst())
        switch name {
        case "sw.js":
            let text = filled(name, ["files": list])
            return response(name, text, takesGzip ? Gzip.compressed(text) : nil, cache: "no-cache")
        case "manifest.webmanifest": return response(name, filled(name, ["network": Self.quoted(network)]), nil, cache: "no-cache")
        case "icon.svg": return files[name].map { response(name, $0, takesGzip ? compressed[name] : nil, cache: "public, max-age=86400") }
        default: return nil
        }
    }

    private func response(_ name: String, _ body: ByteBuffer, _ compressed: ByteBuffer?, cache: String) -> HTTPResponse {
        let types = ["js": "text/javascript", "css": "text/css", "svg": "image/svg+xml", "webmanifest": "application/manifest+json"]
        let type = types[String(name.split(separator: ".").last ?? "")] ?? "application/octet-stream"
        var response = HTTPResponse(.ok, type: type + "; charset=utf-8")
        response.fill(with: body, compressed: compressed)
        response.headers.replaceOrAdd(name: "Cache-Control", value: cache)
        return response
    }

    /// The files that the page consists of, so that browsers need not find them one from another.
    private var preload: String {
        scripts.map { "<link rel=\"modulepreload\" href=\"/client/\(version)/\($0)\">" }.joined(separator: "\n")
    }

    private var list: String {
        "[" + (scripts + ["style.css"]).map { "\"/client/\(version)/\($0)\"" }.joined(separator: ", ") + "]"
    }

    private var scripts: [String] { files.keys.filter { $0.hasSuffix(".js") && $0 != "sw.js" }.sorted() }

    /// A file with its `{{places}}` filled.
    private func filled(_ name: String, _ values: [String: String]) -> ByteBuffer {
        let text = files[name].map { String(buffer: $0) } ?? ""
        // In one pass, so that what is filled in is not taken for a place.
        return ByteBuffer(string: text.replacing(/\{\{([a-z]+)\}\}/) { $0.1 == "version" ? version : values[String($0.1)] ?? "" })
    }

    /// The inside of a JSON string.
    private static func quoted(_ text: String) -> String {
        let json = (try? JSONEncoder().encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
        return String(json.dropFirst().dropLast())
    }
}
