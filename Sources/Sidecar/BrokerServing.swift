package import ATProto
package import Broker
package import Foundation
package import MainLoop

/// What the routes need of the broker. Calls are never cancelled: a caller that goes away does not stop a login.
@LoopActor
package protocol BrokerServing: AnyObject {
    func beginLogin(_ request: LoginRequest) async throws(BrokerError) -> LoginStart
    func finishLogin(_ callback: LoginCallback, browser: String?) async -> LoginOutcome
    func session(brokerToken: String) async throws(BrokerError) -> SessionAnswer
    func person(brokerToken: String) async throws(BrokerError) -> DID
    func webLogins(brokerToken: String) async throws(BrokerError) -> OwnWebLogins
    func nameWebLogin(_ id: String, as name: String?, brokerToken: String) async throws(BrokerError) -> Bool
    func endWebLogin(_ id: String, brokerToken: String) async throws(BrokerError) -> Bool
    func endWebLogins(exceptCurrent: Bool, brokerToken: String) async throws(BrokerError) -> Int
    func logOut(brokerToken: String) async throws(BrokerError)
    /// JSON.
    var clientMetadata: Data { get }
    /// JSON.
    var formerClientMetadata: Data { get }
    /// JSON; nil when the client has no keys.
    func clientKeys() async throws -> Data?
}

extension Broker: BrokerServing {}
