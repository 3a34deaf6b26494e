import Foundation
import RoostTesting
import Testing

/// Child processes of tests: their output is read, and they always end.
@Suite(.timeLimit(.minutes(2)))
struct TestProcessTests {
    private static let shell = URL(fileURLWithPath: "/bin/sh")

    private func start(_ script: String, timeLimit: Duration = .seconds(60)) async throws -> TestProcess {
        try await TestProcess.start(Self.shell, ["-c", script], environment: ["GREETING": "hello"], timeLimit: timeLimit)
    }

    @Test func outputAndStatusAreSeen() async throws {
        let process = try await start("echo $GREETING; echo trouble >&2; exit 78")
        #expect(try await process.line(containing: "hello") == "hello")
        #expect(try await process.line(containing: "trouble") == "trouble")
        #expect(await process.waitForExit() == .status(78))
    }

    @Test func waitingForALineThatNeverComesEndsWithTheProcess() async throws {
        let process = try await start("echo something")
        await #expect(throws: TestProcess.Failure.self) { try await process.line(containing: "else") }
    }

    @Test func killAndTerminateAreToldApart() async throws {
        let killed = try await start("echo up; exec sleep 60")
        _ = try await killed.line(containing: "up")
        await killed.kill()
        #expect(killed.exit == .signal(9))
        let asked = try await start("echo up; exec sleep 60")
        _ = try await asked.line(containing: "up")
        #expect(await asked.terminate() == .signal(15))
    }

    @Test func theTimeLimitEndsIt() async throws {
        let process = try await start("exec sleep 60", timeLimit: .milliseconds(50))
        #expect(await process.waitForExit() == .signal(9))
    }

    @Test func itDoesNotOutliveItsObject() async throws {
        let identifier = try await start("echo up; exec sleep 60").identifier
        // A zombie is gone too: the process list shows it without a command line.
        while let line = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(identifier)/cmdline")), !line.isEmpty {
            await Task.yield()
        }
    }

    @Test func portsAreNotGivenTwice() async throws {
        let first = try await TestPorts.free()
        let second = try await TestPorts.free()
        #expect(first != second)
    }
}
