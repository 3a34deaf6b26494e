package import Foundation
import Synchronization

/// A headless Chromium of a test, driven through its DevTools protocol. It ends with the object.
package final class Chromium: Sendable {
    /// The browser of this machine; nil: there is none.
    package static let executable: URL? = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }.map { URL(fileURLWithPath: $0) }

    private let process: TestProcess
    private let port: Int
    private let browser: BrowserConnection
    private let pages = Mutex<[BrowserConnection]>([])

    private init(_ process: TestProcess, port: Int, _ browser: BrowserConnection) {
        (self.process, self.port, self.browser) = (process, port, browser)
    }

    /// Starts it with a profile in `directory`. Throws when there is none, or when it does not come up.
    package static func start(in directory: URL) async throws -> Chromium {
        guard let executable else { throw TestProcess.Failure.noExecutable("chromium") }
        // Within containers there is often neither a sandbox nor shared memory worth the name.
        let process = try await TestProcess.start(
            executable,
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
                "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0",
                "--user-data-dir=\(directory.appendingPathComponent("chromium").path)", "about:blank",
            ], timeLimit: .seconds(300))
        let line = try await process.line(containing: "DevTools listening on ")
        let address = try require(URL(string: String(line.split(separator: " ").last ?? "")))
        let port = try require(address.port)
        return Chromium(process, port: port, try await BrowserConnection.open(port: port, path: address.path))
    }

    /// A person with a browser of their own: cookies and storage are shared with nobody else's.
    package func newPerson() async throws -> String {
        try await browser.call("Target.createBrowserContext").string("browserContextId")
    }

    /// A new tab of `person` that goes to `address`.
    ///
    /// - Parameters:
    ///   - width: of the window, in pixels.
    ///   - isDark: whether the person likes dark pages.
    package func open(
        _ address: String, as person: String, width: Int = 1200, height: Int = 800, isDark: Bool = false
    ) async throws -> BrowserTab {
        let target = try await browser.call(
            "Target.createTarget", ["url": "about:blank", "browserContextId": .string(person)]
        ).string("targetId")
        let page = try await BrowserConnection.open(port: port, path: "/devtools/page/\(target)")
        _ = try await page.call(
            "Emulation.setDeviceMetricsOverride",
            ["width": .integer(width), "height": .integer(height), "deviceScaleFactor": 1, "mobile": .bool(width < 600)])
        _ = try await page.call(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": .string(isDark ? "dark" : "light")]]])
        _ = try await page.call("Runtime.enable")
        pages.withLock { $0.append(page) }
        // A page in the background neither draws nor has the focus.
        _ = try await page.call("Emulation.setFocusEmulationEnabled", ["enabled": true])
        let tab = BrowserTab(page)
        try await tab.go(to: address)
        return tab
    }

    /// What scripts of pages threw and nobody caught, in all tabs.
    package var exceptions: [String] {
        pages.withLock { $0 }.flatMap { $0.events(containing: "\"method\":\"Runtime.exceptionThrown\"") }
    }

    /// Ends it.
    package func stop() async {
        await process.kill()
    }
}

/// Why a test gives up.
struct Absent: Error {}

/// The value, or an error where there is none.
private func require<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw Absent() }
    return value
}
