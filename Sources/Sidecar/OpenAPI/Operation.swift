/// What the document of the API says of one route. What follows from how the route is declared is not repeated here: see
/// ``Route/answers``.
struct Operation: Sendable {
    /// A name for generated clients.
    let id: String
    /// The part of the document that it stands in.
    let group: Group
    /// What it does, in one line.
    let summary: String
    var query: [Parameter] = []
    var body: JSONSchema?
    let answers: [Answer]

    enum Group: String, Sendable, CaseIterable {
        case server = "Server"
        case people = "People"
        case channels = "Channels"
        case messages = "Messages"
        case accounts = "Accounts"
        case bans = "Bans"
        case audit = "Audit"
        case services = "Services"
        case account = "Own account"
        case health = "Health"
        case document = "Document"
    }

    /// What stands behind the question mark.
    struct Parameter: Sendable {
        let name: String
        let schema: JSONSchema
    }

    /// One way to answer.
    struct Answer: Sendable {
        enum Content: Sendable {
            case nothing
            case json(JSONSchema)
            /// RFC 9457.
            case problem(JSONSchema)
            /// Something else, by its media type.
            case other(String)
        }

        let status: Int
        let what: String
        let content: Content

        static func ok(_ what: String, _ schema: JSONSchema) -> Answer { Answer(status: 200, what: what, content: .json(schema)) }

        static func done(_ what: String = "It is done") -> Answer { Answer(status: 204, what: what, content: .nothing) }

        static func problem(_ status: Int, _ what: String, _ schema: JSONSchema = .part("Problem")) -> Answer {
            Answer(status: status, what: what, content: .problem(schema))
        }
    }
}
