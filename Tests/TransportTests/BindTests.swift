import MainLoop
import NIOCore
import RoostTesting
import Testing

@testable import Transport

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@LoopActor
@Suite struct BindTests {
    private let edge = EchoServer().edge()

    private func failure(_ address: ListenAddress) async -> BindError? {
        do throws(BindError) {
            await (try Listener.tcp(address, key: "listen.plain", edge: edge)).stop()
            return nil
        } catch {
            return error
        }
    }

    @Test func aBusyPortIsNamedWithItsKey() async throws {
        let first = try await Listener.tcp(ListenAddress(host: "127.0.0.3", port: 0), edge: edge)
        let error = try #require(await failure(first.address))
        #expect(error.cause == .inUse)
        #expect(error.description.hasPrefix("listen.plain: cannot listen on \(first.address): another program has this port"))
        #expect(!error.description.contains("\n"))
        await first.stop()
        #expect(await failure(first.address) == nil)
    }

    @Test func anAddressOfAnotherMachineIsToldApart() async {
        #expect(await failure(ListenAddress(host: "192.0.2.1", port: 0))?.cause == .notAvailable)
    }

    @Test(arguments: ["localhost", "", "1.2.3", "[::]"])
    func aNameIsNoAddress(_ host: String) async {
        #expect(await failure(ListenAddress(host: host, port: 0))?.cause == .notAnAddress)
    }

    @Test func bothFamiliesCanHaveTheSamePort() async throws {
        let four = try await Listener.tcp(ListenAddress(host: "0.0.0.0", port: 0), edge: edge)
        let error = await failure(ListenAddress(host: "::", port: four.address.port))
        #expect(error == nil || error?.cause == .noSuchFamily || error?.cause == .notAvailable)
        await four.stop()
    }

    @Test func acceptingPausesOnlyWhenTheMachineIsShortOfSomething() {
        let failures = AcceptFailures(ListenAddress(host: "127.0.0.1", port: 1), edge: edge)
        #expect(failures.pause(after: EMFILE) == .seconds(1))
        #expect(failures.pause(after: ENFILE) == .seconds(1))
        #expect(failures.pause(after: ECONNABORTED) == nil)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:DB8:0:0::1", "2001:db8::1"), ("::1", "::1"),
    ])
    func addressesAreCanonical(_ text: String, _ canonical: String) throws {
        #expect(try SocketAddress(ipAddress: text, port: 1).canonicalText == canonical)
    }
}
