import Foundation
import NIOHTTP1
import Server
import Store

/// The document of the API (OpenAPI 3.1), made from the declarations of the routes.
enum OpenAPIDocument {
    static func make(_ routes: [Route]) -> JSONValue {
        var paths: [String: JSONValue] = [:]
        for (path, routes) in Dictionary(grouping: routes.filter { $0.operation != nil }, by: \.path) {
            var item: [String: JSONValue] = [:]
            for route in routes { item[route.method.rawValue.lowercased()] = route.described }
            paths[path] = .object(item)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Roost", "version": .string(Version.number),
                "description": "What programs read of a Roost server and do with it. Every error is a problem (RFC 9457).",
            ],
            "servers": [["url": "/"]],
            "tags": .array(Operation.Group.allCases.map { ["name": .string($0.rawValue)] }),
            "paths": .object(paths),
            "components": [
                "schemas": ["Problem": .object(problem.value)],
                "securitySchemes": .object(
                    Dictionary(uniqueKeysWithValues: Scheme.allCases.map { ($0.rawValue, $0.described) })),
            ],
        ]
    }

    private static let problem = JSONSchema.object(
        ["title": .text("What is wrong"), "status": .integer("The status of the answer", 400...599)], what: "An error (RFC 9457)")

    /// What a request shows behind `Authorization: Bearer`.
    enum Scheme: String, CaseIterable {
        case token, connection, broker

        fileprivate var described: JSONValue {
            let what =
                switch self {
                case .token:
                    "A token of `roost token`. Its scopes: "
                        + APIScope.allCases.map { "`\($0.rawValue)` (\($0.summary))" }.joined(separator: ", ") + "."
                case .connection: "The token that a connection was given (API-BEARER); it ends with the connection."
                case .broker: "The broker token of a login on the web."
                }
            return ["type": "http", "scheme": "bearer", "description": .string(what)]
        }
    }
}

extension Route.Access {
    /// What the document says of it: one of these is needed.
    fileprivate var described: JSONValue {
        switch self {
        case .anybody: []
        case .anybodyOrPerson: [[:], need(.connection)]
        case .program(let scope), .programOrAddress(let scope): [need(.token, scope)]
        case .programOrPerson(let scope): [need(.token, scope), need(.connection)]
        case .owner(let byConnection): byConnection ? [need(.broker), need(.connection)] : [need(.broker)]
        }
    }

    private func need(_ scheme: OpenAPIDocument.Scheme, _ scope: APIScope? = nil) -> JSONValue {
        .object([scheme.rawValue: .array(scope.map { [.string($0.rawValue)] } ?? [])])
    }
}

extension Route {
    /// The part of the document about it.
    fileprivate var described: JSONValue {
        guard let operation else { return [:] }
        var description: [String: JSONValue] = [
            "operationId": .string(operation.id), "summary": .string(operation.summary), "tags": [.string(operation.group.rawValue)],
            "security": access.described,
            "responses": .object(Dictionary(answers.map { (String($0.status), $0.described) }) { $1 }),
        ]
        let inPath: [JSONValue] = pathParameters.map { name in
            [
                "name": .string(name), "in": "path", "required": true,
                "schema": .object(JSONSchema.text(Self.pathParts[name] ?? "", length: 1...512).value),
            ]
        }
        let inQuery: [JSONValue] = operation.query.map {
            ["name": .string($0.name), "in": "query", "schema": .object($0.schema.value)]
        }
        if !inPath.isEmpty || !inQuery.isEmpty { description["parameters"] = .array(inPath + inQuery) }
        if let body = operation.body {
            description["requestBody"] = ["required": true, "content": ["application/json": ["schema": .object(body.value)]]]
        }
        return .object(description)
    }

    /// What the parts of paths are that may be anything.
    static let pathParts = [
        "nick": "A nickname", "channel": "The name of a channel, with or without #", "account": "The name of an account",
        "service": "The name of a service: nickserv", "session": "The id of a login on the web", "device": "The name of a device password",
        "ban": "The number of a ban",
    ]
}

extension Operation.Answer {
    fileprivate var described: JSONValue {
        var description: [String: JSONValue] = ["description": .string(what)]
        switch content {
        case .nothing: break
        case .json(let schema): description["content"] = ["application/json": ["schema": .object(schema.value)]]
        case .problem(let schema): description["content"] = ["application/problem+json": ["schema": .object(schema.value)]]
        case .other(let type): description["content"] = .object([type: ["schema": ["type": "string"]]])
        }
        return .object(description)
    }
}
