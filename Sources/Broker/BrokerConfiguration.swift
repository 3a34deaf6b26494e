package import ATProto

/// What the operator decides about the broker.
package struct BrokerConfiguration: Sendable {
    /// The origin people's browsers reach the sidecar under.
    package var publicURL: Origin
    /// Origins, besides the own one, that a finished login may be sent back to.
    package var returnTo: [Origin]
    /// The bounds; the defaults suit a large server.
    package var limits = BrokerLimits()

    /// The default limits apply.
    package init(publicURL: Origin, returnTo: [Origin]) {
        (self.publicURL, self.returnTo) = (publicURL, returnTo)
    }
}

/// The bounds of the broker. Each is there so that nobody can make it hold or do more than this.
package struct BrokerLimits: Sendable {
    /// Logins between `/auth/login` and the callback.
    package var pendingLogins = 2000
    /// How long a login may take. The authorization server allows about five minutes for each half.
    package var loginLifetime: Duration = .seconds(600)
    /// How long the outcome of a callback is repeated to the same callback.
    package var replayWindow: Duration = .seconds(120)
    /// How many such outcomes are held.
    package var finishedLogins = 1000
    /// Sessions per account; the least recently used one makes room.
    package var sessionsPerAccount = 10
    /// Refreshes in flight at one authorization server. Each first asks the DID directory, where
    /// ``HardenedFetcher/requestsPerOrigin`` is the bound.
    package var refreshesPerIssuer = 50
    /// Refreshes in flight at all servers.
    package var refreshes = 60
    /// Sessions being refreshed or waiting for that.
    package var refreshBacklog = 2000
    /// An access token is refreshed when it has less than this left, picked anew each time (milliseconds).
    package var refreshMargin: ClosedRange<Int64> = 10_000...40_000
    /// The first wait after a refresh that failed.
    package var firstRetry: Duration = .seconds(5)
    /// The longest wait.
    package var longestRetry: Duration = .seconds(300)
    /// `/session` calls in a burst with one broker token.
    package var sessionBurst = 300
    /// Calls per second after the burst.
    package var sessionsPerSecond = 2.0
    /// How many broker tokens that is counted for.
    package var countedTokens = 10_000
    /// After this the handle is verified again.
    package var handleLifetime: Duration = .seconds(600)
    /// For this long beyond ``handleLifetime`` a handle that cannot be verified is still shown.
    package var handleGrace: Duration = .seconds(3600)
    /// Sessions not used for this long are over; refresh tokens live 180 days at most.
    package var sessionLifetime: Duration = .seconds(190 * 86_400)
    /// Sessions opened longer ago than this are over, whether they are used or not; nil: none is too old.
    package var sessionAge: Duration?
    /// For how long a session that is over is still shown to its owner, counted from its last use.
    package var deadLifetime: Duration = .seconds(7 * 86_400)
    /// How long a clean stop waits for refreshes in flight.
    package var shutdownBudget: Duration = .seconds(35)

    /// The defaults.
    package init() {}
}
