import AsyncHTTPClient
import Foundation
import RoostTesting

/// What a person does with the web client, in the words of a test.
extension BrowserTab {
    /// Logs in with an identity; returns when the chat is connected.
    func signIn(_ handle: String) async throws {
        try await fill("#handle", handle)
        try await press("Enter")
        try await online()
    }

    func enterAsGuest(_ nick: String) async throws {
        try await click(".login-card details:last-of-type summary")
        try await fill("input[name=nick]", nick)
        try await press("Enter")
        try await online()
    }

    /// The page is connected to the chat and says nothing else.
    func online() async throws {
        try await wait("document.querySelector('.chat .status')?.hidden")
    }

    /// Reloads until the page is told to come again later: while the access token is in force, a failed refresh is nobody's concern.
    func reloadUntilRefused() async throws {
        let limit = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < limit {
            try await reload()
            try await wait(
                "document.querySelector('.chat .status')?.hidden || document.querySelector('.chat .status')?.dataset.state === 'waiting'")
            if try await evaluate("document.querySelector('.chat .status').dataset.state") == "waiting" { return }
        }
        throw Missing(description: "The page was never told to wait")
    }

    /// Types a line and sends it.
    func say(_ text: String) async throws {
        try await fill("#composer", text)
        try await press("Enter")
    }

    /// Enters a channel and waits until it is shown.
    func join(_ channel: String) async throws {
        try await say("/join \(channel)")
        try await wait("document.querySelector('#conversation').textContent === \(Self.quoted(channel))")
    }

    /// The account or guest that the page says one is.
    var name: String {
        get async throws { try await evaluate("document.querySelector('.me bdi').textContent") }
    }
}

/// A daemon, its peer and a browser.
func withWebClient(
    _ options: ATProtoPeerOptions = ATProtoPeerOptions(), _ body: (RunningRoost, ATProtoPeer, Chromium) async throws -> Void
) async throws {
    try await withRoost(options) { (roost: RunningRoost, peer: ATProtoPeer, _: HTTPClient) async throws in
        try await withTestDirectory { directory in
            let chromium = try await Chromium.start(in: directory)
            do {
                try await body(roost, peer, chromium)
                await chromium.stop()
            } catch {
                await chromium.stop()
                throw error
            }
        }
    }
}
