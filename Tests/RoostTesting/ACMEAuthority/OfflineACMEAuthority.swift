package import Foundation

/// The same authority as ``ACMEAuthority`` without a network: a value that is asked, and sees the challenges that it is shown.
package struct OfflineACMEAuthority: Sendable {
    private var state: AuthorityState
    /// What it finds, by token.
    package var shown: [String: String] = [:]
    package let directory = "http://127.0.0.1:1/directory"

    package init(_ options: ACMEAuthorityOptions = ACMEAuthorityOptions()) throws {
        state = try AuthorityState(options, origin: "http://127.0.0.1:1")
    }

    package var records: ACMERecords { state.records }

    package var options: ACMEAuthorityOptions {
        get { state.options }
        set { state.options = newValue }
    }

    package mutating func add(_ fault: ACMEFault) { state.faults.append(fault) }

    package mutating func suggestRenewal(from start: Date, to end: Date) { state.renewalWindow = (start, end) }

    /// Forgets the accounts, as after a move to another database.
    package mutating func forgetAccounts() { state.accounts = [] }

    /// An answer.
    package struct Answer: Sendable {
        package let status: Int
        package let headers: [(String, String)]
        package let body: Data
    }

    /// Nil: there is none.
    package mutating func answer(method: String, url: String, contentType: String?, body: Data?) -> Answer? {
        guard url.hasPrefix(state.origin) else { return nil }
        let request = AuthorityRequest(
            method: method, path: String(url.dropFirst(state.origin.count)), contentType: contentType, userAgent: "test",
            body: body ?? Data())
        let reply = state.respond(to: request)
        for look in state.looks {
            state.finish(look, shown[look.token] == look.keyAuthorization ? nil : "nothing is there")
        }
        state.looks = []
        return reply.map { Answer(status: $0.status, headers: $0.headers, body: $0.body) }
    }
}
