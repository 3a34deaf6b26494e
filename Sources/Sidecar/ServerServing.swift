package import Foundation
package import MainLoop
package import Server

/// What the routes need of the IRC side.
@LoopActor
package protocol ServerServing: AnyObject {
    func publicPins(of name: String) async throws -> (channel: String, pins: [PublicPin])?
    func administer(_ service: String, _ text: String, by administrator: String) async throws(AdministrationError) -> [String]
    func waitingConnection(_ link: String) -> WaitingConnection
    func export(token: String, after sequence: Int64) async throws -> (lines: Data, next: Int64?)?
}

extension World: ServerServing {}
