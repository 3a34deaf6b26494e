import MainLoop

/// Whose words filters look at.
extension Permissions {
    /// Whether filters look at what `client` says: not at what operators of the server say, who have to talk about it.
    static func isFiltered(_ client: Client) -> Bool { !client.isOperator }
}
