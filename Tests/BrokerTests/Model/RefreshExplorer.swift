@testable import Broker

/// Walks through every world that can be reached from a login, breadth first, so that the way to what it finds is a shortest one.
struct RefreshExplorer {
    private(set) var worlds: [RefreshWorld] = []
    private(set) var moves = 0
    /// What must not be, and the way there.
    private(set) var finding: String?
    private let rules: RefreshRules
    private var numbers: [RefreshWorld: Int] = [:]
    private var origins: [(from: Int, name: String)] = []

    init(flaw: RefreshFlaw? = nil) {
        rules = RefreshRules(flaw: flaw)
    }

    /// - Parameter limit: gives up beyond this many worlds.
    mutating func explore(limit: Int = 2_000_000) {
        _ = add(RefreshWorld(), from: -1, name: "a login")
        var next = 0
        while next < worlds.count {
            for move in rules.moves(from: worlds[next]) {
                moves += 1
                let number = add(move.world, from: next, name: move.name)
                if let violation = move.violation {
                    finding = violation + ":" + way(to: next) + "\n  " + move.name
                    return
                }
                if number > limit {
                    finding = "more than \(limit) worlds:" + way(to: number)
                    return
                }
            }
            next += 1
        }
        checkEnds()
    }

    private mutating func add(_ world: RefreshWorld, from: Int, name: String) -> Int {
        if let known = numbers[world] { return known }
        numbers[world] = worlds.count
        worlds.append(world)
        origins.append((from, name))
        return worlds.count - 1
    }

    private func way(to number: Int) -> String {
        var steps: [String] = []
        var number = number
        while number >= 0 {
            steps.append(origins[number].name)
            number = origins[number].from
        }
        return steps.reversed().map { "\n  " + $0 }.joined()
    }

    // MARK: - Where everything goes well

    /// From each world, when nothing goes wrong any more: whoever's session the server has is served, whoever's it has not is told.
    private mutating func checkEnds() {
        var endsWell = [Bool](repeating: false, count: worlds.count)
        for start in worlds.indices where !worlds[start].isEnded && !worlds[start].isDisowned {
            var path: [Int] = []
            var number = start
            while !endsWell[number] {
                path.append(number)
                guard path.count < 200 else {
                    finding = "a session that is neither served nor over:" + way(to: start)
                    return
                }
                guard let next = calm(worlds[number]) else { break }
                guard let known = numbers[next] else {
                    finding = "a world that was not reached:" + way(to: number)
                    return
                }
                number = known
            }
            let world = worlds[number]
            if !endsWell[number], world.row.isDead == worlds[start].isSalvageable {
                finding =
                    (world.row.isDead ? "a session that could be saved is over:" : "a lost session is served for ever:") + way(to: start)
                return
            }
            for number in path { endsWell[number] = true }
        }
    }

    /// The next world when nothing goes wrong; nil at the end: the owner is served, or told that the session is over.
    private func calm(_ world: RefreshWorld) -> RefreshWorld? {
        var world = world
        if world.straggler != nil {
            world.straggler = nil
            return world.simplified
        }
        if let index = world.flights.firstIndex(where: { $0.machine.stage != .idle }) {
            return rules.stage(index, of: world).first?.world
        }
        let isHeld = world.flights[0].machine.unsaved != nil
        if world.row.isDead, !isHeld { return nil }
        let isFresh = world.row.isFresh(margin: RefreshWorld.margin, now: RefreshWorld.now)
        if !isHeld, isFresh, world.isSalvageable { return nil }
        if !isHeld, isFresh || world.row.wait(now: RefreshWorld.now) != nil {
            world.pass()
            return world.simplified
        }
        return rules.call(world, needsVisit: false).world
    }
}
