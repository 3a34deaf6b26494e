import MainLoop
import NIOCore
import NIOEmbedded
import NIOHTTP1
import RoostTesting
import Testing

@testable import Sidecar

/// Somebody who asks and does not read the answers.
@LoopActor @Suite struct BackPressureTests {
    private let test = TestSidecar()

    private func blocked() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: HTTPConnection(test.sidecar))
        try channel.connect(to: SocketAddress(ipAddress: "192.0.2.1", port: 9)).wait()
        channel.isWritable = false
        try channel.writeInbound(HTTPServerRequestPart.head(HTTPRequestHead(version: .http1_1, method: .GET, uri: "/health")))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        return channel
    }

    @Test func isAnsweredOnceTheAnswersBeforeAreTaken() async throws {
        let channel = try blocked()
        for _ in 0..<20 { await Task.yield() }
        #expect(try channel.readOutbound(as: HTTPServerResponsePart.self) == nil)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        var part: HTTPServerResponsePart?
        while part == nil {
            await Task.yield()
            part = try channel.readOutbound()
        }
        guard case .head(let head)? = part else { throw ChannelError.eof }
        #expect(head.status == .ok)
    }

    @Test func isCutOffInTheEnd() throws {
        let channel = try blocked()
        test.clock.advance(by: test.sidecar.configuration.limits.idleTime)
        #expect(!channel.isActive)
    }
}
