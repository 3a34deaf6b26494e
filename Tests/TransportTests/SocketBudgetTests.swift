import MainLoop
import NIOCore
import NIOEmbedded
import RoostTesting
import Testing

@testable import Transport

@LoopActor
@Suite struct SocketBudgetTests {
    private let server = EchoServer()

    @Test func aSocketThatClosesMakesRoom() throws {
        let budget = server.edge(socketLimit: 2).sockets
        let channels = (0..<3).map { _ in EmbeddedChannel() }
        #expect(channels.map { budget.admit($0) } == [true, true, false])
        #expect(budget.count == 2)
        try channels[0].close().wait()
        channels[0].embeddedEventLoop.run()
        #expect(budget.count == 1)
        #expect(budget.admit(EmbeddedChannel()))
    }

    @Test func whoIsTooManyIsClosedAndTheOthersStay() async throws {
        let edge = server.edge(socketLimit: 1)
        let listener = try await Listener.tcp(ListenAddress(host: "127.0.0.1", port: 0), edge: edge)
        await listener.start()
        let first = try await TestIRCClient.connect(port: listener.address.port)
        try await first.send("hello")
        try await first.next(containing: "got hello")
        let second = try await TestIRCClient.connect(port: listener.address.port)
        #expect(try await second.end() == .closed)
        try await first.send("still here")
        try await first.next(containing: "got still here")
        #expect(server.peers.count == 1)
        await listener.stop()
    }

    @Test(arguments: [(1024, 768), (65_536, 65_024), (256, 192), (100, 36), (64, 1)])
    func somethingIsLeftForTheRest(_ descriptors: Int, _ sockets: Int) {
        #expect(SocketBudget.share(of: descriptors) == sockets)
    }
}
