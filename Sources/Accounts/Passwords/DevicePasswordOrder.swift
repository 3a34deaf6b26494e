/// What somebody asks for who wants a device password.
package struct DevicePasswordOrder: Sendable, Hashable {
    /// Why it cannot be; the text is for people.
    package struct Fault: Error, CustomStringConvertible {
        package let description: String
    }

    package let name: String
    /// How long it is good; nil: until it is revoked.
    package let days: Int?

    /// Throws ``Fault`` when the name is none, or the days are no number from 1 to ``DevicePasswords/maximumDays``.
    package init(name: String, days: String?) throws(Fault) {
        guard DevicePasswords.isName(name) else {
            throw Fault(description: "The name of a device has 1 to 32 letters, digits, hyphens, underscores and dots")
        }
        let number = days.flatMap { Int($0) }
        guard days == nil || number.map((1...DevicePasswords.maximumDays).contains) == true else {
            throw Fault(description: "It can be good for 1 to \(DevicePasswords.maximumDays) days")
        }
        (self.name, self.days) = (name, number)
    }
}
