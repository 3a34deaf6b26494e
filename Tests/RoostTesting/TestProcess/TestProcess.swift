import Dispatch
package import Foundation
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A child process of a test. It never outlives the test run: it is killed when its time limit passes, when the object
/// goes away and, on Linux, by the kernel when the test run itself dies.
package final class TestProcess: Sendable {
    /// How a process ended.
    package enum Exit: Sendable, Equatable {
        case status(Int32)
        case signal(Int32)
    }

    /// Why there is no process, or no more output.
    package enum Failure: Error, CustomStringConvertible {
        case noExecutable(String)
        /// It ended before the line that was waited for came.
        case ended(Exit, output: String)

        package var description: String {
            switch self {
            case .noExecutable(let name): "There is no built executable \(name) beside the tests; build the package first"
            case .ended(let exit, let output): "The process ended (\(exit)) before the expected line came. Its output:\n\(output)"
            }
        }
    }

    private struct State {
        var exit: Exit?
        var waiters: [CheckedContinuation<Exit, Never>] = []
    }

    /// The process id.
    package let identifier: Int32
    /// What it wrote to standard output.
    package let standardOutput: ProcessOutput
    /// What it wrote to standard error.
    package let standardError: ProcessOutput

    private let state: Ending

    /// The end of a process, apart from the process so that callbacks do not keep the latter alive.
    private final class Ending: Sendable {
        private let state = Mutex(State())

        var exit: Exit? { state.withLock { $0.exit } }

        func set(_ exit: Exit) {
            let waiters = state.withLock { state in
                state.exit = exit
                defer { state.waiters = [] }
                return state.waiters
            }
            for waiter in waiters { waiter.resume(returning: exit) }
        }

        func wait() async -> Exit {
            await withCheckedContinuation { continuation in
                let exit = state.withLock { state in
                    if state.exit == nil { state.waiters.append(continuation) }
                    return state.exit
                }
                if let exit { continuation.resume(returning: exit) }
            }
        }

        /// Sends a signal while the process is there; its id is not sent to once it may belong to another.
        func signal(_ signal: Int32, to identifier: Int32) {
            state.withLock { state in
                if state.exit == nil { deliver(signal, to: identifier) }
            }
        }
    }

    private init(identifier: Int32, standardOutput: ProcessOutput, standardError: ProcessOutput, state: Ending) {
        self.identifier = identifier
        (self.standardOutput, self.standardError, self.state) = (standardOutput, standardError, state)
    }

    deinit {
        state.signal(SIGKILL, to: identifier)
    }

    /// Starts an executable.
    ///
    /// - Parameters:
    ///   - environment: added to the environment of the test run.
    ///   - input: its standard input.
    ///   - directory: where it runs; nil for where the test run runs.
    ///   - timeLimit: after this long it is killed.
    /// - Throws: what `Process.run` throws.
    package static func start(
        _ executable: URL, _ arguments: [String], environment: [String: String] = [:], directory: URL? = nil,
        input: FileHandle = .nullDevice,
        timeLimit: Duration = .seconds(120)
    ) async throws -> TestProcess {
        // The kernel kills the child when the thread that started it ends. The threads of this pool never end.
        try await NIOThreadPool.singleton.runIfActive {
            try spawn(executable, arguments, environment: environment, directory: directory, input: input, timeLimit: timeLimit)
        }
    }

    /// Starts an executable that was built with the tests, by its name. Throws ``Failure/noExecutable(_:)`` without one.
    package static func startBuilt(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], directory: URL? = nil, input: FileHandle = .nullDevice,
        timeLimit: Duration = .seconds(120)
    ) async throws -> TestProcess {
        guard let executable = builtExecutable(name) else { throw Failure.noExecutable(name) }
        return try await start(executable, arguments, environment: environment, directory: directory, input: input, timeLimit: timeLimit)
    }

    /// The executable of this name in the directory the test run itself was built into, or one above it.
    package static func builtExecutable(_ name: String) -> URL? {
        var directory = URL(fileURLWithPath: CommandLine.arguments[0]).standardizedFileURL
        while directory.path != "/" {
            directory.deleteLastPathComponent()
            let candidate = directory.appendingPathComponent(name)
            var isDirectory: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isDirectory), !isDirectory.boolValue,
                FileManager.default.isExecutableFile(atPath: candidate.path)
            {
                return candidate
            }
        }
        return nil
    }

    private static func spawn(
        _ executable: URL, _ arguments: [String], environment: [String: String], directory: URL?, input: FileHandle, timeLimit: Duration
    ) throws -> TestProcess {
        let process = Process()
        let guardian = URL(fileURLWithPath: "/usr/bin/setpriv")
        if FileManager.default.isExecutableFile(atPath: guardian.path) {
            process.executableURL = guardian
            process.arguments = ["--pdeathsig", "KILL", "--", executable.path] + arguments
        } else {
            process.executableURL = executable
            process.arguments = arguments
        }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let directory { process.currentDirectoryURL = directory }
        process.standardInput = input
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        let state = Ending()
        process.terminationHandler = { process in
            state.set(process.terminationReason == .exit ? .status(process.terminationStatus) : .signal(process.terminationStatus))
        }
        try withAllSignals { try process.run() }
        let started = TestProcess(
            identifier: process.processIdentifier, standardOutput: ProcessOutput(output), standardError: ProcessOutput(error),
            state: state)
        let identifier = process.processIdentifier
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(timeLimit.milliseconds))) {
            state.signal(SIGKILL, to: identifier)
        }
        return started
    }

    /// How it ended; nil while it runs.
    package var exit: Exit? { state.exit }

    /// Waits for its end.
    @discardableResult
    package func waitForExit() async -> Exit {
        await state.wait()
    }

    /// Sends a signal; does nothing when the process has ended.
    package func send(signal: Int32) {
        state.signal(signal, to: identifier)
    }

    /// Kills it at once (signal 9) and waits until it is gone.
    package func kill() async {
        send(signal: SIGKILL)
        await waitForExit()
    }

    /// Asks it to stop (signal 15) and waits until it is gone.
    @discardableResult
    package func terminate() async -> Exit {
        send(signal: SIGTERM)
        return await waitForExit()
    }

    /// The first line of either stream that contains `text`, also one that came before the call.
    ///
    /// - Throws: ``Failure/ended(_:output:)`` when the process ends without it.
    package func line(containing text: String) async throws -> String {
        let found = await withTaskGroup(of: String?.self) { group in
            group.addTask { await self.standardOutput.line(containing: text) }
            group.addTask { await self.standardError.line(containing: text) }
            for await line in group where line != nil {
                // The other stream's waiter is let go, or the group would wait for the process to end.
                group.cancelAll()
                return line
            }
            return nil
        }
        guard let found else { throw Failure.ended(await waitForExit(), output: standardOutput.text + standardError.text) }
        return found
    }
}

/// Runs `body` with no signal blocked, for a child inherits what is blocked in the thread that starts it, and threads of
/// pools block them all.
private func withAllSignals(_ body: () throws -> Void) rethrows {
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
}

private func deliver(_ signal: Int32, to identifier: Int32) {
    _ = kill(identifier, signal)
}

/// Runs `body` with a started process and kills the process afterwards, whatever happens.
package func withTestProcess<Result>(
    _ process: TestProcess, isolation: isolated (any Actor)? = #isolation, _ body: (TestProcess) async throws -> Result
) async throws -> Result {
    do {
        let result = try await body(process)
        await process.kill()
        return result
    } catch {
        await process.kill()
        throw error
    }
}
