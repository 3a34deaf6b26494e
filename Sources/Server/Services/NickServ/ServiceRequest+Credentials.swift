import MainLoop
import Store

extension ServiceRequest {
    /// Whether who asks may change what logs in, or end an account; answers otherwise.
    func mayChangeCredentials() -> Bool {
        guard let session = asker.ownSession, !Permissions.changeCredentials(session) else { return true }
        refuse("You are logged in with a device password, which can change nothing about what logs in; log in in another way first")
        return false
    }

    /// Whether who asks is logged in with more than the password of a device; answers otherwise.
    func isFromOwner() -> Bool {
        guard let session = asker.ownSession, !Permissions.changeCredentials(session) else { return true }
        refuse("You are logged in with a device password, which is not enough for \(command.name); log in in another way first")
        return false
    }

    /// Whether who asks may make what logs in; answers otherwise.
    ///
    /// - Parameter other: to whose account; nil: to its own.
    func mayMakeCredentials(for other: AccountRecord?) -> Bool {
        guard mayChangeCredentials() else { return false }
        guard let other, !Permissions.makeCredentials(for: other) else { return true }
        refuse("\(other.name) logs in with its AT Protocol identity")
        return false
    }
}
