import Testing

@testable import Server

@Suite struct BlockListTests {
    private let list = BlockList(zone: "bl.test", replies: [3...3, 5...7], action: .reject)

    @Test func questions() {
        #expect(list.question(about: "192.0.2.99") == "99.2.0.192.bl.test")
        let digits = "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"
        #expect(list.question(about: "2001:db8::567:89ab") == "\(digits).bl.test")
        #expect(list.question(about: "somewhere") == nil)
    }

    @Test(
        arguments: [
            ([], false), (["127.0.0.3"], true), (["127.0.0.4"], false), (["127.0.0.4", "127.0.0.7"], true), (["127.255.255.3"], false),
            (["203.0.113.3"], false), (["127.0.3"], false), (["::7f00:3"], false), (["127.0.0.256"], false),
        ] as [([String], Bool)])
    func answers(_ answers: [String], _ isListed: Bool) { #expect(list.lists(answers) == isListed) }

    @Test func anyAnswerCountsWhereNoneIsNamed() {
        let list = BlockList(zone: "bl.test", replies: [], action: .mark)
        #expect(list.lists(["127.0.0.200"]) && !list.lists(["127.255.255.254"]) && !list.lists(["8.8.8.8"]))
    }

    @Test func theOldestIsForgotten() {
        var memory = BlockListMemory()
        for number in 0...BlockListMemory.limit { memory.note("\(number)", list, at: .zero) }
        #expect(memory.count == BlockListMemory.limit && memory.recall("0", at: .zero) == nil)
        #expect(memory.recall("1", at: .seconds(599)) == .some(list) && memory.recall("1", at: .seconds(600)) == nil)
        memory.note("1", nil, at: .seconds(600))
        #expect(memory.count == BlockListMemory.limit && memory.recall("1", at: .seconds(601)) == .some(nil))
    }
}
