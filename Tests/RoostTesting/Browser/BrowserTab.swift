package import Foundation

/// A page in a browser: what it shows, and what a person does there.
package final class BrowserTab: Sendable {
    /// A page that never showed what was waited for.
    package struct Missing: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) {
            self.description = description
        }
    }

    private let page: BrowserConnection

    init(_ page: BrowserConnection) {
        self.page = page
    }

    package func go(to address: String) async throws {
        _ = try await page.call("Page.navigate", ["url": .string(address)])
    }

    package func reload() async throws {
        _ = try await page.call("Page.reload")
    }

    package func close() async throws {
        _ = try await page.call("Page.close")
    }

    /// The value of a JavaScript expression, as text. Content security policies do not hold for it.
    @discardableResult package func evaluate(_ expression: String) async throws -> String {
        let result = try await page.call(
            "Runtime.evaluate", ["expression": .string("(async () => String(await (\(expression))))()"), "awaitPromise": true])
        guard result.members["exceptionDetails"] == nil, case .object(let value)? = result.members["result"],
            case .string(let text)? = value["value"]
        else { throw BrowserConnection.Refusal(description: "\(expression): \(result.members)") }
        return text
    }

    /// Waits until an expression is true of the page, also over the loading of another one.
    ///
    /// - Throws: ``Missing`` with what the page shows, when it takes longer than a person would wait.
    package func wait(_ expression: String) async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < limit {
            // A page that goes away takes the question along: it is asked again on the next one.
            if let found = try? await evaluate(Self.waiting(for: expression)), found == "true" { return }
        }
        let shown = (try? await evaluate("document.body.innerText")) ?? "nothing"
        throw Missing(description: "\(expression) did not come true. The page shows:\n\(shown)")
    }

    /// Resolves as soon as something of the page makes the expression true, and after a while in any case.
    private static func waiting(for expression: String) -> String {
        """
        new Promise((resolve) => {
          const holds = () => { try { return Boolean(\(expression)) } catch { return false } };
          if (holds()) return resolve(true);
          const end = (value) => { observer.disconnect(); clearInterval(again); clearTimeout(last); resolve(value) };
          const look = () => holds() && end(true);
          const observer = new MutationObserver(look);
          observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
          const again = setInterval(look, 100);
          const last = setTimeout(() => end(holds()), 5000);
        })
        """
    }

    /// Waits until the page shows `text`.
    package func shows(_ text: String) async throws {
        try await wait("document.body.innerText.includes(\(Self.quoted(text)))")
    }

    package func click(_ selector: String) async throws {
        try await wait("document.querySelector(\(Self.quoted(selector)))")
        try await evaluate("document.querySelector(\(Self.quoted(selector))).click()")
    }

    /// Writes into a field, in place of what is there.
    package func fill(_ selector: String, _ text: String) async throws {
        try await wait("document.querySelector(\(Self.quoted(selector)))")
        try await evaluate("(document.querySelector(\(Self.quoted(selector))).focus(), document.activeElement.select?.())")
        _ = try await page.call("Input.insertText", ["text": .string(text)])
    }

    /// Writes where the focus is.
    package func type(_ text: String) async throws {
        _ = try await page.call("Input.insertText", ["text": .string(text)])
    }

    /// Presses the button that is called `label`.
    package func button(_ label: String) async throws {
        let name = Self.quoted(label)
        let button = """
            [...document.querySelectorAll('button, summary')].findLast((each) => \
            each.textContent.trim() === \(name) || each.getAttribute('aria-label') === \(name))
            """
        try await wait(button)
        try await evaluate("\(button).click()")
    }

    /// Presses a key, such as `Enter`.
    package func press(_ key: String, withShift: Bool = false) async throws {
        let code = ["Enter": 13, "Tab": 9, "Escape": 27, "End": 35, "Home": 36, "ArrowUp": 38, "ArrowDown": 40][key] ?? 0
        for type in ["keyDown", "keyUp"] {
            _ = try await page.call(
                "Input.dispatchKeyEvent",
                [
                    "type": .string(type), "key": .string(key), "code": .string(key), "windowsVirtualKeyCode": .integer(code),
                    "modifiers": .integer(withShift ? 8 : 0),
                    "text": .string(key == "Enter" && type == "keyDown" ? "\r" : ""),
                ])
        }
    }

    /// What is in sight, PNG.
    package func picture() async throws -> Data {
        let result = try await page.call("Page.captureScreenshot", ["format": "png"])
        return Data(base64Encoded: try result.string("data")) ?? Data()
    }

    /// Runs a script in every page of this tab before any of its own.
    package func runFirst(_ script: String) async throws {
        _ = try await page.call("Page.enable")
        _ = try await page.call("Page.addScriptToEvaluateOnNewDocument", ["source": .string(script)])
    }

    /// As JavaScript text.
    package static func quoted(_ text: String) -> String {
        String(decoding: PeerJSON.string(text).data, as: UTF8.self)
    }
}
