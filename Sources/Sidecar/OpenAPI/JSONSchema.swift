/// What a value of the API looks like, as JSON Schema has it (the dialect of OpenAPI 3.1).
struct JSONSchema: Sendable {
    var value: [String: JSONValue]
    /// As a member of an object: whether it may be missing.
    var isOptional = false

    /// The same, as a member that may be missing.
    var optional: JSONSchema {
        var schema = self
        schema.isOptional = true
        return schema
    }

    /// - Parameters:
    ///   - length: in characters.
    ///   - pattern: a regular expression of ECMA 262.
    static func text(_ what: String, length: ClosedRange<Int>? = nil, pattern: String? = nil) -> JSONSchema {
        var value: [String: JSONValue] = ["type": "string", "description": .string(what)]
        if let length { (value["minLength"], value["maxLength"]) = (.integer(length.lowerBound), .integer(length.upperBound)) }
        if let pattern { value["pattern"] = .string(pattern) }
        return JSONSchema(value: value)
    }

    static func oneOf(_ what: String, _ texts: [String]) -> JSONSchema {
        JSONSchema(value: ["type": "string", "description": .string(what), "enum": .array(texts.map { .string($0) })])
    }

    /// RFC 3339.
    static func time(_ what: String) -> JSONSchema {
        JSONSchema(value: ["type": "string", "format": "date-time", "description": .string(what)])
    }

    static func integer(_ what: String, _ range: ClosedRange<Int>? = nil) -> JSONSchema {
        var value: [String: JSONValue] = ["type": "integer", "description": .string(what)]
        if let range { (value["minimum"], value["maximum"]) = (.integer(range.lowerBound), .integer(range.upperBound)) }
        return JSONSchema(value: value)
    }

    static func flag(_ what: String) -> JSONSchema { JSONSchema(value: ["type": "boolean", "description": .string(what)]) }

    static func list(_ what: String, of item: JSONSchema) -> JSONSchema {
        JSONSchema(value: ["type": "array", "description": .string(what), "items": .object(item.value)])
    }

    /// Texts by name.
    static func texts(_ what: String) -> JSONSchema {
        JSONSchema(value: ["type": "object", "description": .string(what), "additionalProperties": ["type": "string"]])
    }

    /// An object with these members and, where it is an answer, no others. Of what is sent to the server, other members do not count.
    static func object(_ members: KeyValuePairs<String, JSONSchema>, what: String = "", isSent: Bool = false) -> JSONSchema {
        var value: [String: JSONValue] = [
            "type": "object", "properties": .object(Dictionary(members.map { ($0.key, .object($0.value.value)) }) { $1 }),
            "required": .array(members.filter { !$0.value.isOptional }.map { .string($0.key) }),
        ]
        if !what.isEmpty { value["description"] = .string(what) }
        if !isSent { value["additionalProperties"] = false }
        return JSONSchema(value: value)
    }

    /// The part of the document under this name, for what is used everywhere.
    static func part(_ name: String) -> JSONSchema { JSONSchema(value: ["$ref": .string("#/components/schemas/\(name)")]) }
}
