package import Foundation
package import MainLoop
package import Server

/// What the routes read of the IRC side.
@LoopActor
package protocol ServerReading: AnyObject {
    func publicPins(of name: String) async throws -> (channel: String, pins: [PublicPin])?
    func export(token: String, after sequence: Int64) async throws -> (lines: Data, next: Int64?)?
}

extension World: ServerReading {}
