import Crypto
import Foundation
import Testing

@testable import Store

@Suite struct SecretBoxTests {
    private let box = SecretBox(key: SymmetricKey(size: .bits256))
    private let secret = Data("a refresh token".utf8)

    @Test func opensWhatItSealed() throws {
        let sealed = try box.seal(secret, for: "row/1")
        #expect(try box.open(sealed, for: "row/1") == secret)
        #expect(sealed.range(of: secret) == nil)
        #expect(try box.seal(secret, for: "row/1") != sealed)
        #expect(try box.open(box.seal(Data(), for: "x"), for: "x").isEmpty)
    }

    @Test func everyChangedByteIsNoticed() throws {
        let sealed = try box.seal(secret, for: "row/1")
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: SecretBoxError.self) { try box.open(changed, for: "row/1") }
        }
        for length in [0, 1, 8, 9, 20, sealed.count - 1] {
            #expect(throws: SecretBoxError.damaged) { try box.open(sealed.prefix(length), for: "row/1") }
        }
    }

    @Test func doesNotOpenInAnotherPlace() throws {
        let sealed = try box.seal(secret, for: "row/1")
        #expect(throws: SecretBoxError.damaged) { try box.open(sealed, for: "row/2") }
    }

    @Test func tellsAnotherKeyApart() throws {
        let other = SecretBox(key: SymmetricKey(size: .bits256))
        #expect(throws: SecretBoxError.otherKey) { try other.open(box.seal(secret, for: "x"), for: "x") }
        #expect(other.keys.current.name != box.keys.current.name)
    }

    @Test func bothKeysOpenUntilTheOldOneIsGone() throws {
        let old = box.keys.current
        let before = try box.seal(secret, for: "x")
        box.take(SecretKeys(SecretKey(), former: old))
        let after = try box.seal(secret, for: "x")
        #expect(SecretBox.keyIdentifier(of: after) == box.keys.current.identifier)
        #expect(try box.open(before, for: "x") == secret && box.open(after, for: "x") == secret)
        box.take(SecretKeys(box.keys.current))
        #expect(throws: SecretBoxError.otherKey) { try box.open(before, for: "x") }
        #expect(try box.open(after, for: "x") == secret)
    }
}
