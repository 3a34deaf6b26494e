import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Keeps a second daemon out of the data directory for as long as it lives. The system lets go of it when the process dies.
package final class InstanceLock: Sendable {
    /// Nil once it is released.
    private let descriptor: Mutex<Int32?>

    /// - Parameter path: the lock file; made if missing, never deleted.
    package init(_ path: String) throws(StartError) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StartError(path, lastSystemError(), remedy: "make the data directory writable for this user")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StartError(
                path, "another roost already runs on this data directory", remedy: "stop it, or choose another one with --data")
        }
        self.descriptor = Mutex(descriptor)
    }

    /// Lets another one in. Does nothing the second time.
    func release() {
        descriptor.withLock { descriptor in
            if let descriptor {
                // A child that is being started has the descriptor too, until it runs its program.
                flock(descriptor, LOCK_UN)
                close(descriptor)
            }
            descriptor = nil
        }
    }

    deinit {
        release()
    }
}
