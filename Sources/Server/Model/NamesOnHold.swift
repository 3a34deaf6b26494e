/// Names of channels whose history is on its way to another place: whoever wants to open one of them waits until it is there. Each is
/// held by a job, and each session waits for one at most.
struct NamesOnHold {
    private var holds: [String: Int] = [:]
    private var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]

    init() {}

    /// - Parameter name: folded.
    func contains(_ name: String) -> Bool { holds[name] != nil }

    var isEmpty: Bool { holds.isEmpty }

    /// Holds folded names, each until it is released as often as it is held.
    mutating func hold(_ names: [String]) {
        for name in names { holds[name, default: 0] += 1 }
    }

    mutating func release(_ names: [String]) {
        for name in names {
            guard let count = holds[name] else { continue }
            holds[name] = count > 1 ? count - 1 : nil
            guard count == 1 else { continue }
            for continuation in waiting.removeValue(forKey: name) ?? [] { continuation.resume() }
        }
    }

    /// Goes on with `continuation` when nobody holds `name`.
    mutating func wait(for name: String, _ continuation: CheckedContinuation<Void, Never>) {
        guard contains(name) else { return continuation.resume() }
        waiting[name, default: []].append(continuation)
    }
}
