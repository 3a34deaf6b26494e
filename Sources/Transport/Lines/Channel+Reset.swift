package import NIOCore
import NIOSSL

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension Channel {
    /// Closes at once, on the loop: what is queued is discarded and the other end gets a reset.
    package func reset() {
        // Lingering for zero seconds is how a socket is told to forget its data.
        _ = (self as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        if let tls = try? pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self) {
            // From below the TLS handler, which would wait for the other end.
            tls.close(mode: .all, promise: nil)
        } else {
            close(promise: nil)
        }
    }
}
