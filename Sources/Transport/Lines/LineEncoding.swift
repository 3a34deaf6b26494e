package import NIOCore

/// How lines are put on a transport that is not a plain stream of lines.
package protocol LineEncoding: Sendable {
    /// The bytes for one line, which comes with its CR LF.
    func encode(_ line: ByteBuffer) -> ByteBuffer

    /// What is said last. The other end then closes the connection.
    var farewell: ByteBuffer { get }
}
