import Foundation
import MainLoop
import RoostTesting
import Synchronization
import Testing

@testable import Daemon

@Suite struct SupervisionTests {
    /// What was told, one text for each datagram.
    private final class Told: Sendable {
        private let list = Mutex<[[ServiceNotice]]>([])
        var all: [[ServiceNotice]] { list.withLock { $0 } }

        func supervisor(_ patience: Duration? = nil) -> Supervisor {
            Supervisor(patience: patience) { notices in self.list.withLock { $0.append(notices) } }
        }
    }

    @Test func noticesAreLines() {
        #expect(ServiceNotice.ready.text == "READY=1")
        #expect(ServiceNotice.reloading(at: 5).text == "RELOADING=1\nMONOTONIC_USEC=5")
        #expect(ServiceNotice.stopping.text == "STOPPING=1")
        #expect(ServiceNotice.watchdog.text == "WATCHDOG=1")
        #expect(ServiceNotice.status("a\nREADY=1").text == "STATUS=a READY=1")
        #expect(ServiceNotice.status(String(repeating: "é", count: 600)).text.utf8.count == 7 + 1024)
    }

    @Test func aNotifySocketIsAPathOrAnAbstractName() throws {
        #expect(try NotifySocket("/run/n").bytes == Array("/run/n".utf8))
        #expect(try NotifySocket("@n").bytes == [0, 110])
        #expect(try NotifySocket("/" + String(repeating: "a", count: 106)).bytes.count == 107)
        #expect(try NotifySocket("@" + String(repeating: "a", count: 107)).bytes.count == 108)
    }

    @Test(arguments: ["", "@", "run/n", "vsock:2:1", "/" + String(repeating: "a", count: 107), "@" + String(repeating: "a", count: 108)])
    func otherAddressesAreErrors(_ name: String) {
        let error = #expect(throws: StartError.self) { try NotifySocket(name) }
        #expect(error?.description.hasPrefix("NOTIFY_SOCKET: ") == true)
    }

    @Test func patienceIsForThisProcessOnly() throws {
        #expect(try Supervisor.patience([:], processID: 7) == nil)
        #expect(try Supervisor.patience(["WATCHDOG_USEC": "5"], processID: 7) == .microseconds(5))
        #expect(try Supervisor.patience(["WATCHDOG_USEC": "5", "WATCHDOG_PID": "7"], processID: 7) == .microseconds(5))
        #expect(try Supervisor.patience(["WATCHDOG_USEC": "x", "WATCHDOG_PID": "8"], processID: 7) == nil)
        for bad in ["", "0", "-1", "x", "86400000001"] {
            #expect(throws: StartError.self) { try Supervisor.patience(["WATCHDOG_USEC": bad], processID: 7) }
        }
    }

    @LoopActor
    @Test func theLoopShowsTwiceInTimeThatItTurns() async {
        let (told, clock) = (Told(), VirtualClock())
        Watchdog.start(told.supervisor(.seconds(60)), clock: clock)
        #expect(told.all == [[.watchdog]])
        clock.advance(by: .seconds(29))
        #expect(told.all.count == 1)
        clock.advance(by: .seconds(1))
        #expect(told.all.count == 2)
        clock.advance(by: .seconds(60))
        #expect(told.all.count == 4)
    }

    @LoopActor
    @Test func nobodyIsToldWhoDoesNotAsk() async {
        let told = Told()
        Watchdog.start(told.supervisor(), clock: VirtualClock())
        #expect(told.all.isEmpty)
    }

    /// A reload that fails is over too: a supervisor that waits for its end would wait for ever.
    @Test func startReloadAndStopAreTold() async throws {
        try await withFixture { fixture in
            let told = Told()
            try await fixture.withDaemon(supervisor: told.supervisor()) { daemon in
                #expect(told.all == [[.ready, .status("Serving irc.localhost")]])
                await daemon.reload()
                try fixture.configure("[nonsense]\n")
                await daemon.reload()
            }
            #expect(
                told.all.map { $0.map { $0.text.prefix(9) } }.dropFirst() == [
                    ["RELOADING"], ["READY=1", "STATUS=Se"], ["RELOADING"], ["READY=1", "STATUS=Th"], ["STOPPING="] + ["STATUS=St"],
                ])
        }
    }

    @Test func aRestartInPlaceIsAReload() async throws {
        try await withFixture { fixture in
            let told = Told()
            try await fixture.withDaemon(supervisor: told.supervisor()) { daemon in
                await daemon.stop(reason: "x", restarting: true)
            }
            #expect(told.all.last?.map { $0.text.prefix(9) } == ["RELOADING", "STATUS=Re"])
        }
    }
}
