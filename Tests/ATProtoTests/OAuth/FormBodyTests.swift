import Testing

@testable import ATProto

@Suite struct FormBodyTests {
    @Test func encodesEverythingThatIsNotUnreserved() {
        #expect(FormBody.percentEncode("aZ09-._~") == "aZ09-._~")
        #expect(FormBody.percentEncode("a b&c=d+é/\n") == "a%20b%26c%3Dd%2B%C3%A9%2F%0A")
        #expect(FormBody.query([("a", "1"), ("b c", "http://[::1]:8080/x")]) == "a=1&b%20c=http%3A%2F%2F%5B%3A%3A1%5D%3A8080%2Fx")
    }
}
