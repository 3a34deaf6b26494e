/// Reads a section that is an element of a list (`[[operators.classes]]`), key by key, and collects all that is wrong with it.
struct SectionReading {
    private var entries: [String: TOMLNode]
    private let context: ReadingContext
    private var findings: [ValueError.Finding] = []
    private var known: [String] = []

    /// - Parameter kind: what to write, for the message.
    init(_ node: TOMLNode, _ context: ReadingContext, kind: String) throws(ValueError) {
        guard case .table(let entries) = node else { throw ValueError("must be \(kind), not \(node.typeName)") }
        (self.entries, self.context) = (entries, context)
    }

    /// The value of `key`; nil when it is not there or cannot be read.
    mutating func take<Value>(_ key: String, _ format: Format<Value>) -> Value? {
        known.append(key)
        guard let node = entries.removeValue(forKey: key) else { return nil }
        do throws(ValueError) {
            return try format.read(node, context)
        } catch {
            findings += error.findings.map { finding in
                ValueError.Finding(
                    element: nil, message: "\(key) \(finding.message)",
                    inside: [.key(key)] + (finding.element.map { [.index($0)] } ?? []) + finding.inside)
            }
            return nil
        }
    }

    /// As above, for a key that has to be there.
    mutating func need<Value>(_ key: String, _ format: Format<Value>) -> Value? {
        if entries[key] == nil { findings.append(ValueError.Finding(element: nil, message: "needs \(key)")) }
        return take(key, format)
    }

    /// Notes something else that is wrong, with the value of `key`.
    mutating func report(_ key: String, _ message: String) {
        findings.append(ValueError.Finding(element: nil, message: message, inside: [.key(key)]))
    }

    /// After the last key: throws when anything was wrong, or when there are keys that nobody took.
    func finish() throws(ValueError) {
        let unknown = entries.keys.sorted().map { key in
            let near = NearestName.of(key, among: known).map { "; did you mean \($0)?" } ?? ""
            return ValueError.Finding(element: nil, message: "unknown key \(key)\(near)", inside: [.key(key)])
        }
        guard findings.isEmpty, unknown.isEmpty else { throw ValueError(findings: findings + unknown) }
    }
}
