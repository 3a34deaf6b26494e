import Foundation
import Testing

@testable import ATProto

@Suite struct EncodingTests {
    @Test func base64URLIsStrictOrLenient() {
        for _ in 0..<500 {
            let data = Data((0..<Int.random(in: 0..<40)).map { _ in UInt8.random(in: .min ... .max) })
            let text = Base64URL.encode(data)
            #expect(Base64URL.decode(text) == data)
            #expect(Base64URL.decodeLeniently(data.base64EncodedString()) == data)
        }
        for bad in ["YQ==", "Y Q", "YR", "+/", "a"] { #expect(Base64URL.decode(bad) == nil) }
    }

    @Test func base58KeepsLeadingZerosAndIsBounded() {
        for _ in 0..<200 {
            let data = Data(count: Int.random(in: 0..<3)) + Data((0..<Int.random(in: 0..<40)).map { _ in UInt8.random(in: .min ... .max) })
            #expect(Base58.decode(Base58.encode(data)) == data)
        }
        #expect(Base58.encode(Data("Hello World!".utf8)) == "2NEpo7TZRRrLZSi2U")
        #expect(Base58.decode("0OIl") == nil)
        #expect(Base58.decode(String(repeating: "z", count: 201)) == nil)
    }
}
