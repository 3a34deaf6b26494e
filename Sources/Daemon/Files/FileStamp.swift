import Foundation

/// Tells a file from what it is after somebody wrote it, or put another one (or a link to another one) in its place.
struct FileStamp: Hashable, Sendable {
    private let path: String
    private let device: UInt64?
    private let inode: UInt64?
    private let size: UInt64?
    /// Whether it can be read may change too.
    private let rights: UInt64?
    private let changedAt: Date?

    /// - Parameter path: links are followed. What is not there has a stamp too.
    init(_ path: String) {
        self.path = path
        let real = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let found = try? FileManager.default.attributesOfItem(atPath: real)
        func number(_ key: FileAttributeKey) -> UInt64? { (found?[key] as? NSNumber)?.uint64Value }
        (device, inode, size) = (number(.systemNumber), number(.systemFileNumber), number(.size))
        rights = number(.posixPermissions)
        changedAt = found?[.modificationDate] as? Date
    }
}
