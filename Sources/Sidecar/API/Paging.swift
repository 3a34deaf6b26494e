import ATProto
import Foundation
import NIOHTTP1
import Server

/// Lists come in pages: `?limit=` says how long one is, and `?cursor=` is the `next` of the one before.
extension HTTPRequest {
    /// The page that is asked for.
    ///
    /// - Throws: ``Refusal`` when the limit or the cursor makes no sense.
    func page() throws -> PageRequest {
        var page = PageRequest()
        if let typed = target.item("limit") {
            guard let limit = Int(typed), PageRequest.limits.contains(limit) else {
                let limits = PageRequest.limits
                throw Refusal(
                    response: try .problem(.badRequest, "limit is a number from \(limits.lowerBound) to \(limits.upperBound)"))
            }
            page.limit = limit
        }
        if let typed = target.item("cursor") {
            guard let key = Cursor.key(of: typed) else { throw try Cursor.refusal() }
            page.after = key
        }
        return page
    }

    /// The same for lists whose items have numbers.
    func numberedPage() throws -> (limit: Int, number: Int64?) {
        let page = try page()
        guard let after = page.after else { return (page.limit, nil) }
        guard let number = Int64(after), number > 0 else { throw try Cursor.refusal() }
        return (page.limit, number)
    }
}

/// Where a page ends, as a text that says nothing to programs.
enum Cursor {
    /// Characters of one that is taken.
    static let limit = 1024

    static func text(for key: String) -> String { Base64URL.encode(Data(key.utf8)) }

    /// Nil when the text is no cursor.
    static func key(of text: String) -> String? {
        guard !text.isEmpty, text.utf8.count <= limit, let bytes = Base64URL.decode(text) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    static func refusal() throws -> Refusal { Refusal(response: try .problem(.badRequest, "cursor is not one that a page ended with")) }
}

/// A page as it is sent.
struct PageAnswer<Item: Encodable & Sendable>: Encodable {
    let items: [Item]
    /// The cursor of the next page; missing on the last one.
    let next: String?

    init(_ page: Page<Item>) {
        (items, next) = (page.items, page.next.map(Cursor.text))
    }

    /// - Parameter key: what the next page comes after.
    init(_ page: Page<Item>, key: (String) -> String) {
        (items, next) = (page.items, page.next.map { Cursor.text(for: key($0)) })
    }
}

extension Operation {
    /// What every list takes.
    static let paging = [
        Parameter(
            name: "limit",
            schema: .integer("Items of a page; \(PageRequest.usual) where it is left out", PageRequest.limits)),
        Parameter(name: "cursor", schema: .text("The next of the page before", length: 1...Cursor.limit)),
    ]
}

extension JSONSchema {
    /// ``PageAnswer``.
    static func page(of item: JSONSchema) -> JSONSchema {
        .object([
            "items": .list("In order", of: item),
            "next": .text("The cursor of the next page; it is missing on the last one").optional,
        ])
    }
}
