package import IRCProtocol

/// What some operators may do: a section `[[operators.classes]]`.
package struct OperatorClass: Sendable, Hashable {
    package var name: String
    /// The class whose privileges it has besides its own.
    package var extends: String?
    package var privileges: [OperatorPrivilege]
    /// What WHOIS says of such an operator; nil: what the class says that it extends, and at last what it says of everybody.
    package var whoisLine: String?
    /// What they are told of until they say otherwise (user mode s); nil: as with ``whoisLine``.
    package var notices: [NoticeKind]?

    package init(
        name: String, extends: String? = nil, privileges: [OperatorPrivilege], whoisLine: String? = nil, notices: [NoticeKind]? = nil
    ) {
        (self.name, self.extends, self.privileges, self.whoisLine, self.notices) = (name, extends, privileges, whoisLine, notices)
    }
}

extension OperatorClass {
    /// The name of the class that is always there, with all privileges.
    package static let full = "full"

    /// `classes[name]` and what it extends, itself first; endless chains end where they begin again.
    package static func chain(from name: String, in classes: [OperatorClass]) -> [OperatorClass] {
        var chain: [OperatorClass] = []
        var next: String? = name
        while let name = next, let found = classes.first(where: { $0.name == name }), !chain.contains(where: { $0.name == name }) {
            chain.append(found)
            next = found.extends
        }
        return chain
    }

    /// What is wrong with how the classes hang together, with the number of the class and the key.
    fileprivate static func faults(_ classes: [OperatorClass]) -> [ValueError.Finding] {
        var faults: [ValueError.Finding] = []
        for (index, one) in classes.enumerated() {
            if one.name == full {
                faults.append(.init(element: index, message: "\(full) is always there and has all privileges", inside: [.key("name")]))
            } else if classes[..<index].contains(where: { $0.name == one.name }) {
                faults.append(.init(element: index, message: "there are two classes \(one.name)", inside: [.key("name")]))
            }
            guard let parent = one.extends else { continue }
            if !classes.contains(where: { $0.name == parent }) {
                let near = NearestName.of(parent, among: classes.map(\.name)).map { "; did you mean \($0)?" } ?? ""
                faults.append(.init(element: index, message: "there is no class \(parent)\(near)", inside: [.key("extends")]))
            } else if let last = chain(from: one.name, in: classes).last?.extends, last == one.name {
                faults.append(.init(element: index, message: "\(one.name) extends itself, in a circle", inside: [.key("extends")]))
            }
        }
        return faults
    }
}

extension Format where Value == OperatorClass {
    private static let classKind = "a class of operators, such as { name = \"helper\", may = [\"kill\", \"ban\"] }"

    private static let single = Format(
        kind: classKind,
        read: { node, context throws(ValueError) in
            var section = try SectionReading(node, context, kind: classKind)
            let name = section.need("name", Format<String>.word)
            let extends = section.take("extends", Format<String>.word.optional)
            let privileges = section.take("may", Format<OperatorPrivilege>.choice.list)
            let whoisLine = section.take("whois_line", Format<String>.line(atMost: 200).optional)
            let notices = section.take("notices", Format<NoticeKind>.choice.list)
            try section.finish()
            return OperatorClass(
                name: name ?? "", extends: extends ?? nil, privileges: privileges ?? [], whoisLine: whoisLine ?? nil, notices: notices)
        },
        write: { one in
            let parts = [
                "name = \(quoted(one.name))", one.extends.map { "extends = \(quoted($0))" },
                "may = [\(one.privileges.map { quoted($0.rawValue) }.joined(separator: ", "))]",
                one.whoisLine.map { "whois_line = \(quoted($0))" },
                one.notices.map { "notices = [\($0.map { quoted($0.rawValue) }.joined(separator: ", "))]" },
            ]
            return "{ \(parts.compactMap { $0 }.joined(separator: ", ")) }"
        },
        plain: TOMLNode.plain)

    /// All classes: what they extend is there, and no class extends itself.
    static let operatorClasses: Format<[OperatorClass]> = {
        let list = single.list
        return Format<[OperatorClass]>(
            kind: list.kind,
            read: { node, context throws(ValueError) in
                let classes = try list.read(node, context)
                let faults = OperatorClass.faults(classes)
                guard faults.isEmpty else { throw ValueError(findings: faults) }
                return classes
            },
            write: list.write,
            plain: list.plain)
    }()
}

/// Which class an operator has: `alice helper`, `did:plc:… helper`.
package struct OperatorAssignment: Sendable, Hashable, WrittenValue {
    /// The name of a local account, or a DID.
    package var operatorName: String
    package var className: String

    /// Reads the written form.
    package init(_ text: String) throws(ValueError) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 2 else { throw ValueError("must be an account or a DID, and a class, such as \"alice helper\"") }
        (operatorName, className) = (words[0], words[1])
    }

    package var description: String { "\(operatorName) \(className)" }
}
