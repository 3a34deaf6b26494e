package import ATProto
package import Accounts
package import MainLoop

/// The side of the daemon where people are connected, as far as the broker has to do with it.
@LoopActor
package protocol ConnectedPeople: AnyObject {
    /// Logins are over before their time: what rests on them ends.
    func webLoginsEnded(_ ids: Set<String>, reason: String)

    /// The server of an account refused its session: perhaps the account is gone.
    func identityDoubted(_ did: DID)

    /// Logs in the connection that waits behind `link`, as whoever has just proven to be `did`; or links `did` to its account, if that
    /// is what it waits for.
    ///
    /// - Parameter handle: verified in both directions.
    func logInWaiting(_ link: String, as did: DID, handle: Handle?) async -> BrowserLogin
}
