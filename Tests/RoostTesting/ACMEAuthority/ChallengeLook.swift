import Crypto
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import SwiftASN1
import X509

/// Looks at one challenge, by connecting to 127.0.0.1.
struct ChallengeLook: Sendable {
    private let look: AuthorityState.Look
    private let group: MultiThreadedEventLoopGroup

    init(_ look: AuthorityState.Look, group: MultiThreadedEventLoopGroup) {
        (self.look, self.group) = (look, group)
    }

    /// Calls back with what is wrong; nil: nothing.
    func run(_ done: @escaping @Sendable (String?) -> Void) {
        let promise = group.next().makePromise(of: String?.self)
        let timer = promise.futureResult.eventLoop.scheduleTask(in: .seconds(10)) { promise.succeed("no answer in time") }
        promise.futureResult.whenComplete { result in
            timer.cancel()
            switch result {
            case .success(let problem): done(problem)
            case .failure(let error): done("\(error)")
            }
        }
        let isHTTP = look.type == "http-01"
        ClientBootstrap(group: group).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                if isHTTP {
                    try channel.pipeline.syncOperations.addHandler(HTTPLook(look, promise))
                } else {
                    try addTLS(channel, promise)
                }
            }
        }.connect(host: "127.0.0.1", port: look.port).whenFailure { promise.fail($0) }
    }

    private func addTLS(_ channel: any Channel, _ promise: EventLoopPromise<String?>) throws {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = ["acme-tls/1"]
        let context = try NIOSSLContext(configuration: configuration)
        try channel.pipeline.syncOperations.addHandler(NIOSSLClientHandler(context: context, serverHostname: look.name))
        try channel.pipeline.syncOperations.addHandler(TLSLook(look, promise))
    }
}

/// RFC 8555 section 8.3.
private final class HTTPLook: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let look: AuthorityState.Look
    private let promise: EventLoopPromise<String?>
    private var answer = ByteBuffer()

    init(_ look: AuthorityState.Look, _ promise: EventLoopPromise<String?>) {
        (self.look, self.promise) = (look, promise)
    }

    func channelActive(context: ChannelHandlerContext) {
        let text = "GET /.well-known/acme-challenge/\(look.token) HTTP/1.1\r\nHost: \(look.name)\r\nConnection: close\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        answer.writeImmutableBuffer(unwrapInboundIn(data))
    }

    func channelInactive(context: ChannelHandlerContext) {
        let text = String(buffer: answer)
        let body = text.components(separatedBy: "\r\n\r\n").dropFirst().joined(separator: "\r\n\r\n")
        let isRight = text.hasPrefix("HTTP/1.1 200 ") && body.trimmingCharacters(in: .whitespacesAndNewlines) == look.keyAuthorization
        promise.succeed(isRight ? nil : "the answer is \(text.prefix(40))")
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

/// RFC 8737 section 3.
private final class TLSLook: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let look: AuthorityState.Look
    private let promise: EventLoopPromise<String?>

    init(_ look: AuthorityState.Look, _ promise: EventLoopPromise<String?>) {
        (self.look, self.promise) = (look, promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent else { return }
        do {
            let certificate = try context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self).peerCertificate
            promise.succeed(try check(negotiated, certificate?.toDERBytes() ?? []))
        } catch {
            promise.fail(error)
        }
        context.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed("closed before the handshake")
    }

    private func check(_ negotiated: String?, _ der: [UInt8]) throws -> String? {
        guard negotiated == "acme-tls/1" else { return "the protocol is \(negotiated ?? "-")" }
        let certificate = try Certificate(derEncoded: der)
        let names = try certificate.extensions.subjectAlternativeNames.map { Array($0) } ?? []
        guard names == [.dnsName(look.name)] else { return "the certificate is for \(names)" }
        guard let shown = certificate.extensions[oid: [1, 3, 6, 1, 5, 5, 7, 1, 31]], shown.critical else {
            return "the certificate has no critical acmeIdentifier"
        }
        let digest = SHA256.hash(data: Data(look.keyAuthorization.utf8))
        return shown.value == [4, 32] + Array(digest) ? nil : "the digest is wrong"
    }
}
