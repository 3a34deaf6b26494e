import ATProto
import Foundation
import MainLoop
import Server
import Settings
import Sidecar
import Testing

@testable import Broker
@testable import Daemon

/// What the configuration file says about identities reaches those who act on it.
@Suite struct IdentitySettingsTests {
    @Test func operatorsAndTheListAreTakenOver() {
        var settings = Settings()
        settings.accounts.operators = ["did:web:example.com"]
        settings.accounts.allowed = ["did:web:example.com", "Example.COM", "Ann"]
        settings.accounts.recheckMinutes = 5
        let accounts = ServerConfiguration(settings, motd: []).accounts
        #expect(accounts.operators == ["did:web:example.com"] && accounts.reviewInterval == .seconds(300))
        #expect(accounts.allowed == [.did("did:web:example.com"), .domain("example.com"), .account("ann")])
        settings.identity.pdsMethods = true
        #expect(ServerConfiguration(settings, motd: []).accounts.pdsMethods && !accounts.pdsMethods)
        settings.accounts.recheckMinutes = 0
        #expect(ServerConfiguration(settings, motd: []).accounts.reviewInterval == nil)
        #expect(ServerConfiguration(Settings(), motd: []).accounts.reviewInterval == ServerConfiguration().accounts.reviewInterval)
    }

    /// The document that others find is of the DID that tokens are made out to.
    @Test func aPublicAddressMakesADID() throws {
        var settings = Settings()
        settings.broker.publicURL = "https://irc.example.com"
        settings.identity.serviceMethod = "com.example.login"
        let service = try #require(ServiceIdentity(settings))
        #expect(service.method == "com.example.login" && service.audiences == ["did:web:irc.example.com#roost_irc"])
        #expect(SidecarConfiguration(settings).didDocument == service.document)
        settings.identity.bareServiceDID = true
        #expect(ServiceIdentity(settings)?.audiences == ["did:web:irc.example.com#roost_irc", "did:web:irc.example.com"])
        for address in ["http://127.0.0.1:8080", "https://irc.example.com:8443", "http://irc.example.com"] {
            settings.broker.publicURL = address
            #expect(ServiceIdentity(settings) == nil && SidecarConfiguration(settings).didDocument == nil)
        }
    }

    @Test func sessionsEndWhenTheFileSaysSo() throws {
        var settings = Settings()
        let plain = try BrokerConfiguration(settings).limits
        #expect(plain.sessionLifetime == BrokerLimits().sessionLifetime && plain.sessionAge == nil)
        (settings.broker.sessionIdleDays, settings.broker.sessionDays) = (7, 30)
        let limits = try BrokerConfiguration(settings).limits
        #expect(limits.sessionLifetime == .seconds(7 * 86_400) && limits.sessionAge == .seconds(30 * 86_400))
    }
}
