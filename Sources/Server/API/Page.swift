/// Which part of a list a program asks for.
package struct PageRequest: Sendable, Equatable {
    /// The most items of a page.
    package static let limits = 1...200
    /// Items of a page where the program does not say.
    package static let usual = 50

    /// Within ``limits``.
    package var limit: Int
    /// The key of the last item of the page before; nil: from the start.
    package var after: String?

    package init(limit: Int = PageRequest.usual, after: String? = nil) {
        (self.limit, self.after) = (limit, after)
    }
}

/// A part of a list.
package struct Page<Item: Sendable>: Sendable {
    package var items: [Item]
    /// What the next page comes after; nil: there is nothing more.
    package var next: String?

    package init(_ items: [Item], next: String? = nil) {
        (self.items, self.next) = (items, next)
    }

    package func map<Other: Sendable>(_ change: (Item) -> Other) -> Page<Other> {
        Page<Other>(items.map(change), next: next)
    }
}

extension Page {
    /// The page of `all` that is asked for, in the order of their keys; keys are unique.
    ///
    /// Only the items of the page are sorted: the whole may be large, and the loop waits.
    init(_ all: some Sequence<Item>, _ request: PageRequest, by key: (Item) -> String) {
        var kept: [(key: String, item: Item)] = []
        var isMore = false
        for item in all {
            let key = key(item)
            if let after = request.after, key <= after { continue }
            if kept.count == request.limit {
                isMore = true
                guard let last = kept.last, key < last.key else { continue }
                kept.removeLast()
            }
            var (low, high) = (0, kept.count)
            while low < high {
                let middle = (low + high) / 2
                if kept[middle].key < key { low = middle + 1 } else { high = middle }
            }
            kept.insert((key, item), at: low)
        }
        self.init(kept.map(\.item), next: isMore ? kept.last?.key : nil)
    }
}
