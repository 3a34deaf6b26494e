/// What came of a login in a browser for a connection that waits for it.
package enum BrowserLogin: Sendable, Equatable {
    case loggedIn
    /// The identity opens this local account from now on.
    case linked(account: String)
    /// Why not, for the person in front of the browser.
    case refused(String)
}
