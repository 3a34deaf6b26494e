/// Counts connections by address; an IPv6 /64 counts as one, because one person has all of it.
struct AddressCounter {
    private var counts: [String: Int] = [:]

    /// Adds a connection unless `limit` are there; loopback is never limited. Returns whether it was added.
    mutating func add(_ address: String, limit: Int) -> Bool {
        let group = AddressGroup(address)
        guard group.isLoopback || counts[group.key, default: 0] < limit else { return false }
        counts[group.key, default: 0] += 1
        return true
    }

    /// How many there are; none on loopback, which is never limited.
    func count(_ address: String) -> Int {
        let group = AddressGroup(address)
        return group.isLoopback ? 0 : counts[group.key, default: 0]
    }

    mutating func remove(_ address: String) {
        let key = AddressGroup(address).key
        guard let count = counts[key] else { return }
        counts[key] = count > 1 ? count - 1 : nil
    }
}
