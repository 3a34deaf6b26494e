import Foundation
import NIOCore
import NIOPosix
import RoostTesting
import Testing

/// What the peer publishes about accounts: documents, handles, names.
@Suite(.timeLimit(.minutes(2)))
struct PeerDirectoryTests {
    @Test func theDirectoryKnowsItsAccounts() async throws {
        try await withVisitor { peer, alice, visitor in
            let url = peer.origins.plc + "/" + alice.did.replacingOccurrences(of: ":", with: "%3A")
            let answer = try await visitor.send("GET", url)
            guard case .object(let document) = try PeerJSON(parsing: answer.body) else { throw CancellationError() }
            #expect(document["id"] == .string(alice.did))
            #expect(document["alsoKnownAs"] == ["at://alice.test"])
            #expect(
                document["service"] == [
                    ["id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": .string(peer.origins.pds)]
                ])
            #expect(try await visitor.send("GET", peer.origins.plc + "/did:plc:nobody").status == 404)
            peer.change(alice.did) { $0.status = .deleted }
            #expect(try await visitor.send("GET", url).status == 410)
        }
    }

    @Test func keysArePublishedAsMultikeys() async throws {
        try await withVisitor { peer, _, visitor in
            let bob = peer.addAccount("bob.test", authenticationKeys: [.newEd25519()])
            let text = String(decoding: try await visitor.send("GET", peer.origins.plc + "/" + bob.did).body, as: UTF8.self)
            #expect(text.contains("\"publicKeyMultibase\":\"zDnae"))
            #expect(text.contains("\"publicKeyMultibase\":\"z6Mk"))
            #expect(text.contains("\"authentication\""))
        }
    }

    @Test func webDocumentsAndHandlesGoByTheHost() async throws {
        try await withVisitor { peer, alice, visitor async throws in
            let local = peer.addAccount("local.test", method: .webLocalhost)
            let localhost = peer.origins.pds.replacingOccurrences(of: "127.0.0.1", with: "localhost")
            #expect(try await visitor.send("GET", localhost + "/.well-known/did.json")["id"] == local.did)
            let carol = peer.addAccount("carol.test", method: .webHandle)
            let document = try await visitor.send(
                "GET", peer.origins.pds + "/.well-known/did.json", headers: ["Host": "carol.test"])
            #expect(document["id"] == carol.did)
            let handle = peer.origins.pds + "/.well-known/atproto-did"
            #expect(try await visitor.send("GET", handle, headers: ["Host": "alice.test"]).body == Data(alice.did.utf8))
            #expect(try await visitor.send("GET", handle, headers: ["Host": "nobody.test"]).status == 404)
        }
    }

    @Test func namesAreAnsweredOverUDP() async throws {
        try await withVisitor { peer, alice, _ async throws in
            let text = try await ask(peer, "_atproto.Alice.test", type: 16)
            #expect(String(decoding: text.bytes, as: UTF8.self).contains("did=" + alice.did))
            #expect(text.records == 1)
            let address = try await ask(peer, "alice.test", type: 1)
            #expect(Array(address.bytes.suffix(4)) == [127, 0, 0, 1])
            let other = try await ask(peer, "alice.test", type: 28)
            #expect((other.code, other.records) == (0, 0))
            #expect(try await ask(peer, "_atproto.nobody.test", type: 16).code == 3)
            #expect(peer.nameQueries("_atproto.alice.test") == 1)
        }
    }

    @Test func namesCanBeOverridden() async throws {
        try await withVisitor { peer, _, _ async throws in
            peer.setName("_atproto.alice.test", .texts([["v=spf1"], ["did=did:", "plc:x"]]))
            #expect(try await ask(peer, "_atproto.alice.test", type: 16).records == 2)
            peer.setName("alice.test", .addresses(["10.0.0.1"]))
            #expect(Array(try await ask(peer, "alice.test", type: 1).bytes.suffix(4)) == [10, 0, 0, 1])
            peer.setName("alice.test", .failure(2))
            #expect(try await ask(peer, "alice.test", type: 1).code == 2)
            peer.setName("alice.test", nil)
            #expect(try await ask(peer, "alice.test", type: 1).records == 1)
        }
    }

    private struct Reply {
        let code: Int
        let records: Int
        let bytes: [UInt8]
    }

    /// Sends one question and waits for the reply.
    private func ask(_ peer: ATProtoPeer, _ name: String, type: UInt16) async throws -> Reply {
        var packet = ByteBuffer()
        packet.writeMultipleIntegers(UInt16(0x1234), UInt16(0x0100), UInt16(1), UInt16(0), UInt16(0), UInt16(0))
        for label in name.split(separator: ".") {
            packet.writeInteger(UInt8(label.utf8.count))
            packet.writeString(String(label))
        }
        packet.writeMultipleIntegers(UInt8(0), type, UInt16(1))
        let port = Int(peer.nameServer.split(separator: ":")[1]) ?? 0
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<AddressedEnvelope<ByteBuffer>, AddressedEnvelope<ByteBuffer>>(wrappingChannelSynchronously: channel)
                }
            }
        let question = AddressedEnvelope(remoteAddress: try SocketAddress(ipAddress: "127.0.0.1", port: port), data: packet)
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(question)
            for try await envelope in inbound {
                let bytes = Array(envelope.data.readableBytesView)
                #expect(Array(bytes.prefix(2)) == [0x12, 0x34])
                return Reply(code: Int(bytes[3] & 15), records: Int(bytes[7]), bytes: bytes)
            }
            throw CancellationError()
        }
    }
}
