import Testing

@testable import ATProto

@Suite struct PKCETests {
    @Test("RFC 7636, appendix B")
    func vector() {
        #expect(PKCE(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    @Test func everyLoginHasItsOwn() {
        let verifiers = Set((0..<50).map { _ in PKCE().verifier })
        #expect(verifiers.count == 50)
        #expect(verifiers.allSatisfy { $0.utf8.count == 43 })
    }
}
