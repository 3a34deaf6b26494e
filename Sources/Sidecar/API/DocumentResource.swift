import Foundation
import MainLoop
import NIOCore
import NIOHTTP1

/// The document itself.
extension Router {
    nonisolated static let documentRoutes = [
        Route(
            .GET, "/api/v1/openapi.json", for: .anybody,
            Operation(
                id: "getDocument", group: .document, summary: "This document.",
                answers: [.ok("The document", JSONSchema(value: ["type": "object"]))])
        ) { _, _, _ in HTTPResponse(.ok, type: "application/json", body: ByteBuffer(bytes: try document.get())) }
    ]

    /// Made once.
    private nonisolated static let document = Result<Data, any Error> {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return try encoder.encode(OpenAPIDocument.make(apiRoutes))
    }
}
