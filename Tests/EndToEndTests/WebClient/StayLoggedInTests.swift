import Foundation
import RoostTesting
import Testing

/// A login in the web client outlives what happens to pages, servers and connections, and ends only when it is over. In a real browser.
@Suite(.serialized, .enabled(if: Chromium.executable != nil)) struct StayLoggedInTests {
    @Test func twentyReloadsCostNoLoginAndNoRoundTrip() async throws {
        try await withWebClient { (roost: RunningRoost, peer: ATProtoPeer, chromium: Chromium) async throws in
            peer.addAccount("alice.test")
            let tab = try await chromium.open(roost.origin, as: try await chromium.newPerson())
            try await tab.signIn("alice.test")
            #expect(try await tab.evaluate("location.href") == roost.origin + "/")
            #expect(try await tab.evaluate("document.cookie + JSON.stringify(localStorage)").contains("token") == false)
            try await tab.join("#nest")
            try await tab.runFirst(
                "window.flashes = 0; new MutationObserver(() => { if (document.querySelector('.login')) flashes++ }).observe(document, { childList: true, subtree: true })"
            )
            peer.resetCounters()
            for _ in 0..<20 {
                try await tab.reload()
                try await tab.wait("document.querySelector('#conversation')?.textContent === '#nest'")
                #expect(try await tab.evaluate("flashes") == "0")
                #expect(try await tab.name == "alice.test")
            }
            #expect(peer.counters.refreshes <= 1)
        }
    }

    @Test func twoTabsAndADoubledStartShareOneRefresh() async throws {
        try await withWebClient(.stale) { (roost: RunningRoost, peer: ATProtoPeer, chromium: Chromium) async throws in
            peer.addAccount("alice.test")
            let person = try await chromium.newPerson()
            let first = try await chromium.open(roost.origin, as: person)
            try await first.signIn("alice.test")
            let second = try await chromium.open(roost.origin, as: person)
            try await second.online()
            let doubled = """
                Promise.all([1, 2, 3].map(() => import([...document.querySelectorAll('link[rel=modulepreload]')].find((link) => \
                link.href.endsWith('session/session.js')).href).then((session) => session.ask()))).then((all) => \
                new Set(all.map((answer) => answer.token)).size + ' ' + all[0].kind)
                """
            #expect(try await first.evaluate(doubled) == "1 live")
            #expect(peer.counters.maximumRefreshesInFlight == 1)
            #expect(peer.counters.replays == 0 && peer.counters.overlappingRefreshes == 0)
            try await first.online()
            try await second.online()
        }
    }

    @Test func whatOldVersionsLeftBehindStrandsNobody() async throws {
        try await withWebClient { (roost: RunningRoost, peer: ATProtoPeer, chromium: Chromium) async throws in
            peer.addAccount("alice.test")
            let tab = try await chromium.open(roost.origin, as: try await chromium.newPerson())
            try await tab.wait("document.querySelector('#handle')")
            for value in ["{", "null", #"{"kind":"identity"}"#, #"{"kind":"owner","nick":"x"}"#, #"{"kind":"guest","nick":7}"#] {
                try await tab.evaluate("localStorage.setItem('roost.login', \(BrowserTab.quoted(value)))")
                try await tab.reload()
                try await tab.wait("document.readyState === 'complete' && document.querySelector('#handle')")
            }
            for value in [roost.origin, "https://gone.example"] {
                try await tab.evaluate("localStorage.setItem('roost.broker', \(BrowserTab.quoted(value)))")
                try await tab.reload()
                try await tab.wait("document.querySelector('#handle') && localStorage.getItem('roost.broker') === null")
            }
            try await tab.signIn("alice.test")
            try await tab.evaluate("localStorage.setItem('roost.broker', 'https://gone.example')")
            try await tab.reload()
            try await tab.online()
            #expect(try await tab.name == "alice.test")
        }
    }

    @Test func aGrantThatIsDeadIsForgottenAndSaidSo() async throws {
        try await withWebClient(.stale) { (roost: RunningRoost, peer: ATProtoPeer, chromium: Chromium) async throws in
            let did = peer.addAccount("alice.test").did
            let tab = try await chromium.open(roost.origin, as: try await chromium.newPerson())
            try await tab.signIn("alice.test")
            peer.revokeSessions(of: did)
            try await tab.reload()
            try await tab.shows("You are signed out")
            #expect(try await tab.evaluate("localStorage.getItem('roost.login')") == "null")
            let refreshes = peer.counters.refreshes
            try await tab.reload()
            try await tab.wait("document.querySelector('#handle')")
            #expect(peer.counters.refreshes == refreshes)
            try await tab.signIn("alice.test")
        }
    }

    @Test func whileTheServerOfTheAccountIsAwayThePageTriesAgain() async throws {
        try await withWebClient(.stale) { (roost: RunningRoost, peer: ATProtoPeer, chromium: Chromium) async throws in
            peer.addAccount("alice.test")
            let tab = try await chromium.open(roost.origin, as: try await chromium.newPerson())
            try await tab.signIn("alice.test")
            peer.add(PeerFault(.status(503, .before), at: .refreshGrant, times: nil))
            try await tab.reloadUntilRefused()
            #expect(try await tab.evaluate("document.querySelector('.login') === null") == "true")
            peer.removeFaults()
            try await tab.online()
            #expect(try await tab.name == "alice.test")
            #expect(peer.counters.replays == 0)
        }
    }

    @Test func aRestartOfTheServerIsNoLogin() async throws {
        try await withWebClient { (roost: RunningRoost, peer: ATProtoPeer, chromium: Chromium) async throws in
            peer.addAccount("alice.test")
            let tab = try await chromium.open(roost.origin, as: try await chromium.newPerson())
            try await tab.signIn("alice.test")
            try await tab.join("#nest")
            try await tab.say("before the restart")
            try await tab.wait(
                "[...document.querySelectorAll('.entry:not(.sending) .text')].some((text) => text.textContent === 'before the restart')")
            await roost.process.kill()
            try await tab.wait("!document.querySelector('.chat .status').hidden")
            try await roost.startAgain()
            try await tab.online()
            try await tab.wait("document.querySelector('#conversation').textContent === '#nest'")
            try await tab.say("after the restart")
            try await tab.shows("after the restart")
            #expect(try await tab.evaluate("document.querySelector('.login') === null") == "true")
        }
    }

    @Test func aGuestStaysAGuestAndALoginNeverBecomesOne() async throws {
        try await withWebClient(.stale) { (roost: RunningRoost, peer: ATProtoPeer, chromium: Chromium) async throws in
            peer.addAccount("alice.test")
            let guest = try await chromium.open(roost.origin, as: try await chromium.newPerson())
            try await guest.enterAsGuest("wren")
            try await guest.reload()
            try await guest.online()
            #expect(try await guest.name == "wren")
            let tab = try await chromium.open(roost.origin, as: try await chromium.newPerson())
            try await tab.signIn("alice.test")
            peer.add(PeerFault(.status(503, .before), at: .refreshGrant, times: nil))
            try await tab.reloadUntilRefused()
            #expect(try await guest.evaluate("1") == "1")
            #expect(try await tab.evaluate("document.querySelector('.chat .me').textContent.includes('guest')") == "false")
        }
    }

    @Test func theAccountShowsWhatActsForIt() async throws {
        try await withWebClient { (roost: RunningRoost, peer: ATProtoPeer, chromium: Chromium) async throws in
            peer.addAccount("alice.test")
            let tab = try await chromium.open(roost.origin, as: try await chromium.newPerson())
            try await tab.signIn("alice.test")
            try await tab.click(".me")
            try await tab.wait("document.querySelector('dialog')?.innerText.includes('this one')")
            try await tab.shows("There is none.")
            try await tab.shows("Your account is this identity: alice.test")
            #expect(try await tab.evaluate("document.querySelectorAll('dialog .error').length") == "0")
        }
    }
}
