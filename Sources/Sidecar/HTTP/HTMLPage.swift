import NIOCore
import NIOHTTP1

/// A small page without scripts, styles or images.
struct HTMLPage {
    /// A part of the page; every text is escaped.
    enum Part {
        case heading(String)
        case paragraph(String)
        case list([String])
        /// Leads to `path` of this server.
        case link(String, path: String)
        /// A button that sends `fields`, and what is typed into `inputs`, to `action`, a path of this server.
        case form(action: String, fields: [(name: String, value: String)], inputs: [Input] = [], button: String)
    }

    /// Something to type in.
    struct Input {
        let name: String
        let label: String
        var isNumber = false
        var isRequired = true
    }

    let title: String
    var parts: [Part]
    /// Where forms may lead, also by the redirect that answers them, as a Content-Security-Policy writes it.
    var formTargets = "'none'"

    private var hasForm: Bool {
        parts.contains { if case .form = $0 { true } else { false } }
    }

    func response(_ status: HTTPResponseStatus) -> HTTPResponse {
        var response = HTTPResponse(status, type: "text/html; charset=utf-8", body: ByteBuffer(string: text))
        response.headers.add(
            name: "Content-Security-Policy",
            value: "default-src 'none'; base-uri 'none'; form-action \(formTargets); frame-ancestors 'none'")
        response.headers.add(name: "X-Frame-Options", value: "DENY")
        // Without any referrer, browsers would not say of what page a form is.
        response.headers.add(name: "Referrer-Policy", value: hasForm ? "same-origin" : "no-referrer")
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
        case .heading(let text): "<h2>\(escape(text))</h2>"
        case .paragraph(let text): "<p>\(escape(text))</p>"
        case .link(let text, let path): "<p><a href=\"\(escape(path))\">\(escape(text))</a></p>"
        case .form(let action, let fields, let inputs, let button):
            "<form method=\"post\" action=\"\(escape(action))\">\n"
                + fields.map { "<input type=\"hidden\" name=\"\(escape($0.name))\" value=\"\(escape($0.value))\">\n" }.joined()
                + inputs.map(Self.text).joined() + "<button>\(escape(button))</button>\n</form>"
        case .list(let items): "<ul>\n" + items.map { "<li>\(escape($0))</li>\n" }.joined() + "</ul>"
        }
    }

    private static func text(_ input: Input) -> String {
        // Neither handles nor names of devices are words to be corrected.
        "<p><label>\(escape(input.label)) <input name=\"\(escape(input.name))\" type=\"\(input.isNumber ? "number" : "text")\""
            + " autocapitalize=\"none\" autocomplete=\"off\" spellcheck=\"false\"\(input.isRequired ? " required" : "")></label></p>\n"
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
