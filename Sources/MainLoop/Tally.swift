/// How often each of a fixed set of things happened. For what happens rarely: not for every line.
package struct Tally<Kind: Hashable & CaseIterable & Sendable>: Sendable {
    private var counts: [Kind: Int] = [:]

    package init() {}

    package mutating func count(_ kind: Kind) {
        counts[kind, default: 0] += 1
    }

    package subscript(kind: Kind) -> Int { counts[kind] ?? 0 }
}
