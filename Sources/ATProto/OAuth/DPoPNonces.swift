package import MainLoop
import OrderedCollections

/// The newest DPoP nonce of each origin (RFC 9449, 8.2). Authorization and resource servers on one origin may share it.
@LoopActor
package final class DPoPNonces {
    private var nonces: OrderedDictionary<String, String> = [:]
    private let capacity: Int

    /// - Parameter capacity: how many origins are remembered; the one not heard from for longest goes first.
    ///   A forgotten nonce costs one more round trip, nothing else.
    package init(capacity: Int = 1000) {
        self.capacity = max(1, capacity)
    }

    /// The nonce for the next proof at `origin`.
    package func nonce(for origin: String) -> String? { nonces[origin] }

    /// Keeps what a server sent, in success or failure. Text that is empty, over 512 bytes or not of printable
    /// ASCII is no nonce (RFC 9449, 8.1) and is ignored.
    package func store(_ nonce: String, for origin: String) {
        guard Self.isNonce(nonce) else { return }
        nonces[origin] = nil
        nonces[origin] = nonce
        if nonces.count > capacity { nonces.removeFirst() }
    }

    /// Whether `text` can be one: 512 bytes at most.
    package nonisolated static func isNonce(_ text: String) -> Bool {
        (1...512).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    /// How many origins are remembered.
    package var count: Int { nonces.count }
}
