import ATProto
package import Store

/// `GET /auth/login`.
package struct LoginRequest: Sendable {
    /// What the person typed: a handle, a DID, or a PDS (`https://pds.example.com`, or its bare host where that is no handle).
    package var handle: String
    /// The result goes to the app by `freeq://auth`, whatever ``returnTo`` says.
    package var mobile: Bool
    /// Where the browser shall go with the result.
    package var returnTo: String?
    /// The `Referer` header, used when there is no ``returnTo``.
    package var referer: String?
    /// The connection to the chat that waits for this login; then nobody else gets anything.
    package var link: String?
    /// Whether the token of the login stays in a cookie of the browser, for pages of this very server: ``returnTo`` has to be one.
    package var keepsCookie = false
    /// The mark of the browser that begins the login: only that one may end it. Nil: any.
    package var browser: String?
    /// Where the login comes from.
    package var place = LoginPlace()

    /// Absent parameters are nil or false.
    package init(handle: String, mobile: Bool = false, returnTo: String? = nil, referer: String? = nil) {
        (self.handle, self.mobile, self.returnTo, self.referer) = (handle, mobile, returnTo, referer)
    }
}

/// A login that was begun.
package struct LoginStart: Hashable, Sendable {
    /// Where to send the browser, with 307.
    package let authorizationURL: String
}

/// `GET /auth/callback`: what the browser brings back from the authorization server.
package struct LoginCallback: Hashable, Sendable {
    /// Names the login.
    package var state: String?
    /// Redeemed for tokens.
    package var code: String?
    /// Who sends the browser back (RFC 9207).
    package var iss: String?
    /// Why there is no code.
    package var error: String?

    /// Absent parameters are nil.
    package init(
        state: String? = nil, code: String? = nil, iss: String? = nil, error: String? = nil
    ) {
        (self.state, self.code, self.iss, self.error) = (state, code, iss, error)
    }
}

/// What to answer the browser.
package enum LoginOutcome: Hashable, Sendable {
    /// Send the browser to `location`.
    case redirect(status: Int, location: String)
    /// Keep the token in the browser, where no script reads it, and go on to a page of this server.
    case ownPage(brokerToken: String, location: String)
    /// Plain text for a page; whoever makes HTML of it escapes it.
    case page(status: Int, title: String, message: String)
}

/// Where the result of a login goes.
enum LoginDestination: Hashable, Sendable {
    /// The app that opened the browser, by its own scheme.
    case app
    /// A page; the text is a checked address without fragment.
    case web(String)
    /// A page of this server, by its whole address; no script of it is given a token.
    case ownPage(String)
    /// The connection that waits behind this link.
    case connection(String)
}

/// A login between its two halves.
struct PendingLogin: Sendable {
    /// The account it is for; nil: whoever the server says.
    let did: DID?
    let request: AuthorizationRequest
    let destination: LoginDestination
    let browser: BrowserMark
    let place: LoginPlace
}
