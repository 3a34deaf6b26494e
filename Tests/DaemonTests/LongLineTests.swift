import Daemon
import RoostTesting
import Settings
import Testing

/// What is longer than a line of TCP, over real sockets.
@Suite struct LongLineTests {
    @Test func aLongMessageOverAWebSocketReachesEverybodyWhole() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let addresses = await daemon.addresses
                let web = try await TestIRCClient.connect(port: addresses.http[0].port, .webSocket())
                let text = try await TestIRCClient.connect(port: addresses.http[0].port, .webSocket(subprotocols: ["text.ircv3.net"]))
                let plain = try await TestIRCClient.connect(port: addresses.plain[0].port)
                for (client, nick, limit) in [(web, "web", "8192"), (text, "text", "512"), (plain, "plain", "512")] {
                    try await client.send("NICK \(nick)")
                    try await client.send("USER u 0 * :U")
                    try await client.next(containing: " LINELEN=\(limit) ")
                    try await client.send("JOIN #long")
                    try await client.next(containing: " 366 ")
                }
                let said = String(repeating: "some words ", count: 580)
                try await web.send("PRIVMSG #long :\(said)end")
                try await plain.send("PRIVMSG #long :\(String(repeating: "x", count: 495))")
                for client in [text, plain] {
                    var heard = ""
                    while !heard.hasSuffix("end") {
                        let line = try await client.next(containing: ":web!")
                        #expect(line.utf8.count <= 510)
                        heard += line.split(separator: " :", maxSplits: 1)[1]
                    }
                    #expect(heard == said + "end")
                }
                try await web.next(containing: " PRIVMSG #long :" + String(repeating: "x", count: 400))
                for client in [web, text, plain] { await client.close() }
            }
        }
    }

    /// A reload that changes what is offered is told to those who are connected.
    @Test func aReloadAnnouncesCapabilities() async throws {
        try await withFixture { fixture in
            try await fixture.withDaemon { daemon in
                let client = try await TestIRCClient.connect(port: daemon.addresses.plain[0].port)
                try await client.send("CAP LS 302\r\nNICK wren\r\nUSER wren 0 * :Wren\r\nCAP END")
                try await client.next(containing: " 001 ")
                try fixture.configure(DaemonFixture.ports + "[accounts]\nregistration = false\n[limits]\nmultiline_lines = 9\n")
                await daemon.reload()
                try await client.next(containing: "CAP wren DEL :draft/account-registration")
                try await client.next(containing: "CAP wren NEW :draft/multiline=max-bytes=4096,max-lines=9")
                await client.close()
            }
        }
    }
}
