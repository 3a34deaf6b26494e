/// Connections with limits of their own: a section `[[limits.classes]]`.
package struct ClientClass: Sendable, Hashable {
    /// How the lines travel.
    package enum Transport: String, Sendable, CaseIterable {
        case tcp, tls, websocket
    }

    package var name: String
    /// IP addresses and networks in CIDR notation; empty: any.
    package var addresses: [String] = []
    /// Empty: any.
    package var transports: [Transport] = []
    /// Names of `listen.gateways`; empty: any, or none.
    package var gateways: [String] = []
    /// nil: no matter.
    package var loggedIn: Bool?
    package var maximum: Int?
    package var requiresLogin: Bool?
    package var connectionsPerAddress: Int?
    package var registrationTimeout: Duration?
    package var pingInterval: Duration?
    package var sendQueue: Int?
    package var receiveQueue: Int?
    package var floodControl: Bool?
    package var floodBurst: Int?
    package var floodRate: Int?
    package var channelsPerClient: Int?

    package init(name: String) { self.name = name }
}

extension Format where Value == ClientClass {
    private static let classKind = "a class of connections, such as { name = \"local\", addresses = [\"10.0.0.0/8\"], flood_rate = 20 }"

    private static let single = Format(
        kind: classKind,
        read: { node, context throws(ValueError) in
            var section = try SectionReading(node, context, kind: classKind)
            var one = ClientClass(name: section.need("name", Format<String>.word) ?? "")
            one.addresses = section.take("addresses", Format<String>.addressRange.list) ?? []
            one.transports = section.take("transports", Format<ClientClass.Transport>.choice.list) ?? []
            one.gateways = section.take("gateways", Format<String>.word.list) ?? []
            one.loggedIn = section.take("logged_in", .boolean)
            one.maximum = section.take("maximum", .integer(0...1_000_000))
            one.requiresLogin = section.take("require_login", .boolean)
            one.connectionsPerAddress = section.take("connections_per_address", .integer(0...100_000))
            one.registrationTimeout = section.take("registration_timeout", .span(.seconds(1)...(.seconds(3600))))
            one.pingInterval = section.take("ping_interval", .span(.seconds(1)...(.seconds(3600))))
            one.sendQueue = section.take("send_queue", .bytes((16 << 10)...(1 << 30)))
            one.receiveQueue = section.take("receive_queue", .bytes((16 << 10)...(16 << 20)))
            one.floodControl = section.take("flood_control", .boolean)
            one.floodBurst = section.take("flood_burst", .integer(1...10_000))
            one.floodRate = section.take("flood_rate", .integer(1...10_000))
            one.channelsPerClient = section.take("channels_per_client", .integer(1...10_000))
            try section.finish()
            return one
        },
        write: { one in
            func list(_ name: String, _ words: [String]) -> String? {
                words.isEmpty ? nil : "\(name) = [\(words.map(quoted).joined(separator: ", "))]"
            }
            func plain(_ name: String, _ value: (some CustomStringConvertible)?) -> String? { value.map { "\(name) = \($0)" } }
            func size(_ name: String, _ value: Int?) -> String? { value.map { "\(name) = \(quoted(ByteSize.write($0)))" } }
            func span(_ name: String, _ value: Duration?) -> String? { value.map { "\(name) = \(quoted(TimeSpan.write($0)))" } }
            let parts = [
                "name = \(quoted(one.name))", list("addresses", one.addresses), list("transports", one.transports.map(\.rawValue)),
                list("gateways", one.gateways), plain("logged_in", one.loggedIn), plain("maximum", one.maximum),
                plain("require_login", one.requiresLogin), plain("connections_per_address", one.connectionsPerAddress),
                span("registration_timeout", one.registrationTimeout), span("ping_interval", one.pingInterval),
                size("send_queue", one.sendQueue), size("receive_queue", one.receiveQueue), plain("flood_control", one.floodControl),
                plain("flood_burst", one.floodBurst), plain("flood_rate", one.floodRate),
                plain("channels_per_client", one.channelsPerClient),
            ]
            return "{ \(parts.compactMap { $0 }.joined(separator: ", ")) }"
        },
        plain: TOMLNode.plain)

    /// All classes, each with a name of its own.
    static let clientClasses: Format<[ClientClass]> = {
        let list = single.list
        return Format<[ClientClass]>(
            kind: list.kind,
            read: { node, context throws(ValueError) in
                let classes = try list.read(node, context)
                let doubles = classes.indices.filter { index in classes[..<index].contains { $0.name == classes[index].name } }
                guard doubles.isEmpty else {
                    throw ValueError(
                        findings: doubles.map {
                            .init(element: $0, message: "there are two classes \(classes[$0].name)", inside: [.key("name")])
                        })
                }
                return classes
            },
            write: list.write,
            plain: list.plain)
    }()
}
