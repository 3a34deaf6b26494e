import Testing

@testable import Transport

@Suite struct ActivationTests {
    private func parse(_ environment: [String: String]) throws -> [String] {
        try PassedDescriptors.parse(environment, processID: 7).map { "\($0.number) \($0.name)" }
    }

    private func passed(_ addresses: ListenAddress...) -> PassedSockets {
        PassedSockets(
            addresses.enumerated().map { number, address in
                .init(descriptor: .init(number: CInt(900 + number), name: "s\(number)"), address: address)
            })
    }

    @Test func descriptorsBeginBehindTheStandardStreams() throws {
        #expect(try parse(["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "a:b"]) == ["3 a", "4 b"])
        #expect(try parse(["LISTEN_PID": "7", "LISTEN_FDS": "1"]) == ["3 unknown"])
        #expect(try parse(["LISTEN_PID": "7", "LISTEN_FDS": "1", "LISTEN_FDNAMES": ""]) == ["3 "])
    }

    @Test func whatIsForAnotherProcessIsLeftAlone() throws {
        #expect(try parse([:]) == [])
        #expect(try parse(["LISTEN_FDS": "2"]) == [])
        #expect(try parse(["LISTEN_PID": "8", "LISTEN_FDS": "x"]) == [])
        #expect(try parse(["LISTEN_PID": "7"]) == [])
        #expect(try parse(["LISTEN_PID": "7", "LISTEN_FDS": "0", "LISTEN_FDNAMES": ""]) == [])
    }

    @Test(arguments: [
        ["LISTEN_PID": "x", "LISTEN_FDS": "1"], ["LISTEN_PID": "7", "LISTEN_FDS": "x"], ["LISTEN_PID": "7", "LISTEN_FDS": "-1"],
        ["LISTEN_PID": "7", "LISTEN_FDS": "1025"], ["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "a"],
    ])
    func nonsenseIsAnError(_ environment: [String: String]) {
        let error = #expect(throws: ActivationError.self) { try parse(environment) }
        #expect(error?.description.hasPrefix("LISTEN_") == true)
    }

    @Test func asManyAsTheLimitMayCome() throws {
        #expect(try parse(["LISTEN_PID": "7", "LISTEN_FDS": "1024"]).count == 1024)
    }

    @Test func aSocketIsFoundHoweverItsAddressIsWritten() throws {
        let sockets = passed(ListenAddress(host: "::1", port: 6697), ListenAddress(host: "127.0.0.1", port: 6667))
        try sockets.check(against: [ListenAddress(host: "0:0::1", port: 6697), ListenAddress(host: "127.0.0.1", port: 6667)])
        #expect(ListenAddress(host: "0:0::1", port: 6697).isSame(as: sockets.all[0].address))
        #expect(!ListenAddress(host: "::", port: 6697).isSame(as: sockets.all[0].address))
    }

    @Test func aSocketThatNothingNamesIsAnError() {
        let error = #expect(throws: ActivationError.self) {
            try passed(ListenAddress(host: "::1", port: 1)).check(against: [ListenAddress(host: "::1", port: 2)])
        }
        #expect(error?.description.hasPrefix("systemd passes a socket for [::1]:1 (s0) that no key of [listen] names") == true)
    }

    @Test func anAddressForTwoThingsIsAnError() {
        let address = ListenAddress(host: "::1", port: 1)
        #expect(throws: ActivationError("listen: [::1]:1 is named twice; take it out of one key of [listen]")) {
            try passed(address).check(against: [address, ListenAddress(host: "0::1", port: 1)])
        }
    }

    @Test func anAddressWithoutASocketIsAnError() throws {
        let address = ListenAddress(host: "127.0.0.1", port: 1)
        #expect(try PassedSockets.none.place(address, key: "listen.tls") == address)
        #expect(throws: BindError(.notPassed, address: address, key: "listen.tls")) {
            try passed(ListenAddress(host: "::1", port: 1)).place(address, key: "listen.tls")
        }
    }

    @Test func onlyListeningSocketsCount() throws {
        #expect(ListenAddress(listeningOn: 0) == nil)
        #expect(ListenAddress(listeningOn: -1) == nil)
    }
}
