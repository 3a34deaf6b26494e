import MainLoop
import RoostTesting
import Testing

@testable import Accounts

/// Who is held up by the wrong passwords of others.
@LoopActor @Suite struct GuessingTests {
    @Test func whoHasLoggedInBeforeIsNotHeldUp() {
        let throttle = LoginThrottle(clock: VirtualClock(), burst: 2)
        throttle.succeed(at: "ann", from: "home")
        for _ in 0..<2 * LoginThrottle.accountFactor {
            #expect(throttle.allowsGuess(at: "ann", from: "elsewhere"))
            throttle.failGuess(at: "ann", from: "elsewhere")
        }
        #expect(throttle.allowsGuess(at: "ann", from: "home"))
        #expect(throttle.allowsGuess(at: "ben", from: "elsewhere"))
    }

    /// However many guess at an account, its owner gets in from anywhere with the right password: each address has one guess, and a wrong
    /// one takes it away for ten minutes.
    @Test func nobodyIsLockedOut() {
        let clock = VirtualClock()
        let throttle = LoginThrottle(clock: clock, burst: 2)
        for number in 0..<10 * LoginThrottle.accountFactor { throttle.failGuess(at: "ann", from: "\(number)") }
        #expect(throttle.allowsGuess(at: "ann", from: "a hotel"))
        throttle.failGuess(at: "ann", from: "a hotel")
        #expect(!throttle.allowsGuess(at: "ann", from: "a hotel") && throttle.allowsGuess(at: "ann", from: "another"))
        clock.advance(by: .seconds(9 * 60))
        #expect(!throttle.allowsGuess(at: "ann", from: "a hotel"))
        clock.advance(by: .seconds(61))
        #expect(throttle.allowsGuess(at: "ann", from: "a hotel"))
    }

    @Test func theLoginsRememberedAreBounded() {
        let throttle = LoginThrottle(clock: VirtualClock(), burst: 1, capacity: 2)
        for address in ["first", "second", "first", "third"] { throttle.succeed(at: "ann", from: address) }
        for _ in 0..<LoginThrottle.accountFactor { throttle.failGuess(at: "ann", from: "second") }
        throttle.failGuess(at: "ann", from: "second")
        #expect(["first", "second", "third"].map { throttle.allowsGuess(at: "ann", from: $0) } == [true, false, true])
    }

    @Test func devicePasswordsAreReadAsPeopleTypeThem() {
        let password = DevicePassword()
        #expect(password.text.count == 34 && password.text.split(separator: "-").count == 7)
        #expect(DevicePassword(password.text.uppercased().replacing("-", with: " ")) == password)
        #expect(DevicePassword(password.text + "a") == nil && DevicePassword(String(password.text.dropLast())) == nil)
        #expect(DevicePassword(String(password.text.dropLast()) + "0") == nil)
        #expect(DevicePassword(String(repeating: "-", count: 100) + password.text) == nil)
        #expect(DevicePassword().id != password.id && password.id.utf8.count == 8)
    }
}
