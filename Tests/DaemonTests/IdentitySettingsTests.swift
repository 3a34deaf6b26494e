import MainLoop
import Server
import Settings
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
        settings.accounts.recheckMinutes = 0
        #expect(ServerConfiguration(settings, motd: []).accounts.reviewInterval == nil)
        #expect(ServerConfiguration(Settings(), motd: []).accounts.reviewInterval == ServerConfiguration().accounts.reviewInterval)
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
