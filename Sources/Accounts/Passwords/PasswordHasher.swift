import CArgon2
import Foundation
package import MainLoop
import NIOPosix
import Synchronization

/// Hashes passwords with argon2id on a thread of its own, so that the loop never waits for it; and for SCRAM, where that is on.
package final class PasswordHasher: Sendable {
    /// What one hash costs.
    package struct Cost: Sendable, Equatable {
        /// KiB.
        package var memory: UInt32
        package var passes: UInt32
        package var lanes: UInt32

        package init(memory: UInt32, passes: UInt32, lanes: UInt32 = 1) {
            (self.memory, self.passes, self.lanes) = (memory, passes, lanes)
        }

        /// 19 MiB, 2 passes: about 30 ms of one core.
        package static let standard = Cost(memory: 19 << 10, passes: 2)
        /// What a stored hash may ask for at most, and what may be set.
        package static let greatest = Cost(memory: 256 << 10, passes: 10, lanes: 4)
        /// For tests only.
        package static let test = Cost(memory: 8, passes: 1)

        /// How a PHC string of this cost begins.
        fileprivate var prefix: String { "$argon2id$v=19$m=\(memory),t=\(passes),p=\(lanes)$" }
    }

    package enum Failure: Error, Equatable, CustomStringConvertible {
        /// So many wait already that another one would only add to the wait.
        case busy
        case unusable(code: Int32)

        package var description: String {
            switch self {
            case .busy: "too many logins at once, try again in a moment"
            case .unusable(let code): "argon2 failed with code \(code)"
            }
        }
    }

    /// The longest password, in bytes.
    package static let maximumPasswordLength = 1024

    private let cost: Cost
    /// What a ``ScramVerifier`` costs; nil: none is made.
    package let scramIterations: Int?
    private let queueLimit: Int
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let state = Mutex(Load())

    /// What there is to do, and what was done.
    package struct Load: Sendable {
        /// How many wait or run.
        package fileprivate(set) var waiting = 0
        /// How many were turned away because too many waited.
        package fileprivate(set) var refused = 0
        /// From the request to the result.
        package fileprivate(set) var times = Histogram.ofWork
    }

    /// For monitoring.
    package var load: Load { state.withLock { $0 } }

    /// - Parameters:
    ///   - scramIterations: see ``ScramVerifier``; nil: SCRAM is off.
    ///   - queueLimit: how many may wait or run at once.
    package init(cost: Cost = .standard, scramIterations: Int? = nil, queueLimit: Int = 64) {
        self.cost = cost
        self.scramIterations = scramIterations
        self.queueLimit = queueLimit
        pool.start()
    }

    /// Ends the thread. Hashes that wait fail.
    package func shutdown() async {
        try? await pool.shutdownGracefully()
    }

    /// The PHC string of `password`, with a fresh salt. Throws ``Failure``.
    package func hash(_ password: String) async throws -> String {
        let cost = cost
        return try await run { try Self.hash(Array(password.utf8), cost) }
    }

    /// Whether a new hash would cost the same as this one.
    package func isCurrent(_ hash: String) -> Bool { hash.hasPrefix(cost.prefix) }

    /// The text of a new ``ScramVerifier``; nil where SCRAM is off, and for a password that clients cannot prepare for it. Throws
    /// ``Failure``.
    package func scramVerifier(for password: String) async throws -> String? {
        guard let scramIterations, password.preparedPassword != nil else { return nil }
        return try await run { ScramVerifier(password: password, iterations: scramIterations)?.text }
    }

    /// Whether a new verifier would cost the same as this one; always where SCRAM is off.
    package func isCurrent(verifier: String?) -> Bool {
        scramIterations.map { iterations in verifier.flatMap { ScramVerifier($0) }?.iterations == iterations } ?? true
    }

    /// Whether `password` belongs to the PHC string `hash`; without one the same work is done for nothing, so that the time
    /// does not tell whether an account exists. Throws ``Failure``.
    package func verify(_ password: String, _ hash: String?) async throws -> Bool {
        let cost = cost
        return try await run {
            let bytes = Array(password.utf8)
            guard let hash, Self.isReasonable(hash) else {
                _ = try Self.hash(bytes, cost)
                return false
            }
            return argon2id_verify(hash, bytes, bytes.count) == ARGON2_OK.rawValue
        }
    }

    private func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let hasRoom = state.withLock { state in
            guard state.waiting < queueLimit else {
                state.refused += 1
                return false
            }
            state.waiting += 1
            return true
        }
        guard hasRoom else { throw Failure.busy }
        let begun = ContinuousClock.now
        defer {
            state.withLock { state in
                state.waiting -= 1
                state.times.observe(ContinuousClock.now - begun)
            }
        }
        return try await pool.runIfActive(body)
    }

    private static func hash(_ password: [UInt8], _ cost: Cost) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        var encoded = [CChar](repeating: 0, count: argon2_encodedlen(cost.passes, cost.memory, cost.lanes, 16, 32, Argon2_id))
        let code = argon2id_hash_encoded(
            cost.passes, cost.memory, cost.lanes, password, password.count, salt, salt.count, 32, &encoded, encoded.count)
        guard code == ARGON2_OK.rawValue else { throw Failure.unusable(code: code) }
        return String(decoding: encoded.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A hash of our own making: nobody gets us to spend a gigabyte by writing into the database.
    private static func isReasonable(_ hash: String) -> Bool {
        let fields = hash.split(separator: "$")
        guard hash.utf8.count < 512, fields.count == 5, fields[0] == "argon2id" else { return false }
        let parameters = fields[2].split(separator: ",").compactMap { field -> (Substring, UInt32)? in
            let pair = field.split(separator: "=")
            return pair.count == 2 ? UInt32(pair[1]).map { (pair[0], $0) } : nil
        }
        let limits: [Substring: UInt32] = ["m": Cost.greatest.memory, "t": Cost.greatest.passes, "p": Cost.greatest.lanes]
        return parameters.count == 3 && parameters.allSatisfy { name, value in limits[name].map { value <= $0 } ?? false }
    }
}
