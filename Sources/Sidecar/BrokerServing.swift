package import Broker
package import Foundation
package import MainLoop

/// What the routes need of the broker. Calls are never cancelled: a caller that goes away does not stop a login.
@LoopActor
package protocol BrokerServing: AnyObject {
    func beginLogin(_ request: LoginRequest) async throws(BrokerError) -> LoginStart
    func finishLogin(_ callback: LoginCallback) async -> LoginOutcome
    func session(brokerToken: String) async throws(BrokerError) -> SessionAnswer
    /// JSON.
    var clientMetadata: Data { get }
    /// JSON.
    var formerClientMetadata: Data { get }
    /// JSON; nil when the client has no keys.
    func clientKeys() async throws -> Data?
}

extension Broker: BrokerServing {}
