/// Something that goes wrong on purpose at an endpoint.
package struct PeerFault: Sendable {
    /// When, seen from the work an endpoint does.
    package enum Stage: Sendable {
        /// Nothing has been looked at.
        case before
        /// Only for a refresh: the session is found, the tokens are not rotated yet.
        case middle
        /// The work is done, the answer is not sent.
        case after
    }

    /// What goes wrong.
    package enum Action: Sendable {
        /// Waits.
        case latency(Duration, Stage)
        /// Waits until the test opens the gate.
        case hold(PeerGate, Stage)
        /// Resets the connection; after ``Stage/after`` the tokens are rotated and the answer is lost.
        case drop(Stage)
        /// Answers so, before (nothing is done) or after (it is done) the work.
        case status(Int, Stage, headers: [String: String] = [:], body: String = "")
        /// Answers with an OAuth error; nothing is done.
        case oauthError(String, status: Int = 400)
        /// Answers 302 to this address; nothing is done.
        case redirect(to: String)
        /// Changes a JSON answer by a merge patch (RFC 7396).
        case patch(PeerJSON)
        /// Pads the answer with white space, which JSON allows, to this many bytes.
        case oversize(bytes: Int)
        /// Announces the whole answer and sends no more than this many bytes of its body; then the connection is reset.
        case truncate(bytes: Int)
        /// Sends the body in pieces over this time.
        case slowBody(Duration)
        /// Answers with this content type.
        case contentType(String)
        /// Replaces the body by this text.
        case body(String)
        /// Makes all nonces stale first, so that the client has to try again.
        case rotateNonces
        /// Leaves the `DPoP-Nonce` header out.
        case withholdNonce
        /// Changes (or with nil removes) parameters of the redirect back to the client.
        case callback([String: String?])
        /// Deletes the session of the request first.
        case revokeSession
    }

    /// What goes wrong.
    package var action: Action
    /// Where.
    package var endpoints: Set<PeerEndpoint>
    /// Only for requests about this DID; nil for all.
    package var account: String?
    /// How many matching requests pass before the first is hit.
    package var skip: Int
    /// How many are hit; nil for all that come.
    package var times: Int?

    package init(_ action: Action, at endpoints: PeerEndpoint..., account: String? = nil, skip: Int = 0, times: Int? = 1) {
        self.action = action
        self.endpoints = Set(endpoints)
        self.account = account
        self.skip = skip
        self.times = times
    }
}

/// The faults that wait for their requests, in the order they were added.
struct PeerFaultPlan {
    private var faults: [PeerFault] = []

    mutating func add(_ fault: PeerFault) {
        faults.append(fault)
    }

    mutating func removeAll() {
        faults = []
    }

    /// The actions that hit a request, each counted as used.
    mutating func take(endpoint: PeerEndpoint, account: String?) -> [PeerFault.Action] {
        var actions: [PeerFault.Action] = []
        for index in faults.indices {
            let fault = faults[index]
            guard fault.endpoints.contains(endpoint), fault.account == nil || fault.account == account else { continue }
            if fault.skip > 0 {
                faults[index].skip -= 1
            } else if fault.times != 0 {
                faults[index].times = fault.times.map { $0 - 1 }
                actions.append(fault.action)
            }
        }
        faults.removeAll { $0.times == 0 }
        return actions
    }
}
