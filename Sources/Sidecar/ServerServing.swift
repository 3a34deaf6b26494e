package import Foundation
package import MainLoop
package import Server

/// What the routes need of the IRC side.
@LoopActor
package protocol ServerServing: AnyObject {
    func state(ofBearer token: String) -> BearerState
    func pins(of name: String, for caller: Caller?) async throws -> (channel: String, pins: [PublicPin])?
    func command(_ service: String, _ text: String, by caller: Caller) async throws(AdministrationError) -> ServiceAnswer
    func waitingConnection(_ link: String) -> WaitingConnection
    func export(token: String, after sequence: Int64) async throws -> (lines: Data, next: Int64?)?
}

extension World: ServerServing {}
