import Foundation
import GRDB
import MainLoop
import Store
import Testing

@testable import Server

@LoopActor @Suite struct DefconTests {
    /// Logs in before registration.
    private func connect(_ test: TestWorld, as nick: String) async -> TestClient {
        let client = test.connect()
        let answer = Data("\0\(nick)\0secret".utf8).base64EncodedString()
        await client.send("CAP REQ :sasl", "NICK \(nick)", "USER \(nick) 0 * :x", "AUTHENTICATE PLAIN")
        await client.send("AUTHENTICATE \(answer)")
        await client.send("CAP END")
        return client
    }

    @Test func eachLevelLetsInWhomItSays() async throws {
        let test = try await TestWorld()
        try await test.addAccount("root", password: "secret", isOperator: true)
        try await test.addAccount("ann", password: "secret")
        for (level, lets) in [(3, (true, true)), (2, (false, true)), (1, (false, false))] {
            _ = try await test.administer("os", "DEFCON \(level)")
            let (guest, ann, root) = (await test.join("guest"), await connect(test, as: "ann"), await connect(test, as: "root"))
            #expect(guest.client.isRegistered == lets.0 && ann.client.isRegistered == lets.1 && root.client.isRegistered, "\(level)")
            #expect(guest.isClosed == !lets.0 && ann.isClosed == !lets.1)
            for client in [guest, ann, root] { client.disconnect() }
        }
    }

    @Test func itStaysOverARestart() async throws {
        let database = try RoostDatabase.inMemory()
        let test = try await TestWorld(database: database)
        let guest = await test.join("guest")
        #expect(try await test.administer("os", "DEFCON 2 attack") == ["DEFCON is 2: only those who log in get in"])
        #expect(!guest.isClosed)
        let again = try await TestWorld(database: database)
        #expect(again.world.defense == .accountsOnly)
        #expect((await again.join("guest")).isClosed)
        #expect(try await again.administer("os", "AUDIT").first?.contains("defcon.changed on 2 by a test: attack") == true)
        try await database.writer.write { try $0.execute(sql: "DROP TABLE server_state") }
        #expect(try await again.administer("os", "DEFCON 5") == ["This could not be done, try again in a moment"])
        #expect(again.world.defense == .accountsOnly)
    }
}
