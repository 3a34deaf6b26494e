import NIOCore
import NIOHTTP1

/// A small page without scripts, styles or images.
struct HTMLPage {
    /// A part of the page; every text is escaped.
    enum Part {
        case paragraph(String)
        case list([String])
    }

    let title: String
    let parts: [Part]

    func response(_ status: HTTPResponseStatus) -> HTTPResponse {
        var response = HTTPResponse(status, type: "text/html; charset=utf-8", body: ByteBuffer(string: text))
        response.headers.add(
            name: "Content-Security-Policy", value: "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
        response.headers.add(name: "X-Frame-Options", value: "DENY")
        response.headers.add(name: "Referrer-Policy", value: "no-referrer")
        return response
    }

    private var text: String {
        let title = Self.escape(title)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            </head>
            <body>
            <h1>\(title)</h1>
            \(parts.map(Self.text).joined(separator: "\n"))
            </body>
            </html>

            """
    }

    private static func text(_ part: Part) -> String {
        switch part {
        case .paragraph(let text): "<p>\(escape(text))</p>"
        case .list(let items): "<ul>\n" + items.map { "<li>\(escape($0))</li>\n" }.joined() + "</ul>"
        }
    }

    /// `text` with everything that means something in HTML taken as text.
    static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
