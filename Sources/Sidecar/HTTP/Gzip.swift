import CZlib
import NIOCore
import NIOHTTP1

/// The gzip content coding (RFC 9110 8.4.1.3).
enum Gzip {
    /// The bytes as one gzip member, as small as zlib makes them; nil where that saves nothing.
    ///
    /// For what is compressed once and sent often: it takes about a millisecond for 20 kB.
    static func compressed(_ bytes: ByteBuffer) -> ByteBuffer? {
        var stream = z_stream()
        // 15 is the largest window; 16 more asks for the gzip header instead of that of zlib.
        guard
            deflateInit2_(
                &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        var input = Array(bytes.readableBytesView)
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))))
        let result = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        let length = Int(stream.total_out)
        return result == Z_STREAM_END && length < bytes.readableBytes ? ByteBuffer(bytes: output[..<length]) : nil
    }
}

extension HTTPResponse {
    /// Puts the body in, compressed where it is there so. Caches keep both for those who ask for them.
    mutating func fill(with body: ByteBuffer, compressed: ByteBuffer?) {
        self.body = compressed ?? body
        if compressed != nil { headers.replaceOrAdd(name: "Content-Encoding", value: "gzip") }
        headers.add(name: "Vary", value: "Accept-Encoding")
    }
}
