import Testing

@testable import Server

@Suite struct AddressCounterTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8:0:0/64"), ("2001:db8:0:0:ffff::", "2001:db8:0:0/64"),
        ("2001:db8:0:1::", "2001:db8:0:1/64"),
    ])
    func addressesFallIntoGroups(_ address: String, _ network: String) {
        let same = AddressGroup(network.hasSuffix("/64") ? String(network.dropLast(3)) + "::" : network)
        #expect(AddressGroup(address).key == same.key)
    }

    @Test func neighboursAreOthers() {
        let keys = ["192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:100::1"].map { AddressGroup($0).key }
        #expect(Set(keys).count == keys.count)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::2", false), ("128.0.0.1", false), ("1.127.0.1", false),
        ("1::1", false),
    ])
    func knowsThisMachine(_ address: String, _ expected: Bool) {
        #expect(AddressGroup(address).isLoopback == expected)
    }

    @Test func countsUpToTheLimitAndDownAgain() {
        var counter = AddressCounter()
        let first = ["2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1"].map { counter.add($0, limit: 2) }
        #expect(first == [true, true, false, true])
        counter.remove("2001:db8::9")
        let then = ["2001:db8::3", "2001:db8::4"].map { counter.add($0, limit: 2) }
        #expect(then == [true, false])
    }

    @Test func takingAwayWhatIsNotThereChangesNothing() {
        var counter = AddressCounter()
        counter.remove("192.0.2.1")
        let added = (0..<2).map { _ in counter.add("192.0.2.1", limit: 1) }
        #expect(added == [true, false])
    }

    @Test func thisMachineIsNotLimited() {
        var counter = AddressCounter()
        let answers = (0..<100).flatMap { _ in [counter.add("127.0.0.1", limit: 1), counter.add("::1", limit: 1)] }
        #expect(answers.allSatisfy { $0 })
    }
}
