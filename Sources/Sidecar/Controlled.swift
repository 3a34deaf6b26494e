package import MainLoop
package import Server

/// What the routes for administration need of the daemon.
@LoopActor
package protocol Controlled: AnyObject {
    /// Reads configuration and certificates again. A bad file changes nothing, and is a refusal.
    ///
    /// - Parameter actor: who asks, for the audit table.
    func rehash(by actor: String) async -> ServiceAnswer
    /// How much is logged.
    var currentLogLevel: String { get }
    /// Changes that; false when there is no such level.
    func setLogLevel(_ name: String, by actor: String) -> Bool
}
