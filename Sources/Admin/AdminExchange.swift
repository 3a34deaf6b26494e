/// What the command line asks of a running server: one line of JSON each way, then the connection ends.
package struct AdminRequest: Codable, Sendable, Equatable {
    /// The nickname of the service, or its short form.
    package var service: String
    /// The command with its arguments, as one would write it to the service.
    package var command: String

    package init(service: String, command: String) {
        (self.service, self.command) = (service, command)
    }
}

/// The answer to an ``AdminRequest``: lines, or an error.
package struct AdminAnswer: Codable, Sendable, Equatable {
    package var lines: [String]?
    /// `true` when the service did not do what was asked; absent otherwise.
    package var refused: Bool?
    /// Why nothing was done.
    package var error: String?

    package init(lines: [String], isRefused: Bool = false) { (self.lines, refused) = (lines, isRefused ? true : nil) }
    package init(error: String) { self.error = error }
}
