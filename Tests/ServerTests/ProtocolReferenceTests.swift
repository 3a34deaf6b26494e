import Foundation
import Server
import Testing

@Suite struct ProtocolReferenceTests {
    @Test func theReferenceIsUpToDate() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let reference = try String(contentsOf: root.appendingPathComponent("docs/protocol.md"), encoding: .utf8)
        #expect(ProtocolReference.markdown == reference, "run `roost write-docs` in the checkout")
    }
}
