import Foundation
import MainLoop
import NIOHTTP1
import Store
import Testing

@testable import Server
@testable import Sidecar

/// The document says what the routes do.
@LoopActor @Suite struct OpenAPITests {
    private let world = APIWorld()

    @Test func everyRouteOfTheAPIIsDescribed() async throws {
        let text = try await world.json("/api/v1/openapi.json", [:])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(document["openapi"] as? String == "3.1.0")
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        for route in Router.allRoutes where route.path.hasPrefix("/api/") {
            #expect(route.operation != nil, "\(route.path)")
            #expect(paths[route.path]?[route.method.rawValue.lowercased()] != nil, "\(route.method) \(route.path)")
        }
        #expect(paths.values.map(\.count).reduce(0, +) == Router.apiRoutes.count)
    }

    @Test func whatIsSaidOfARouteIsWhole() {
        for route in Router.apiRoutes {
            guard let operation = route.operation else { continue }
            #expect(!operation.summary.isEmpty && operation.summary.hasSuffix("."), "\(operation.id)")
            for part in route.pathParameters { #expect(Route.pathParts[part] != nil, "\(part)") }
            #expect(!route.path.contains("*"), "\(route.path)")
            let statuses = route.answers.map(\.status)
            #expect(Set(statuses).count == statuses.count && statuses.contains { $0 < 300 }, "\(operation.id)")
            for answer in route.answers {
                #expect(HTTPResponseStatus(statusCode: answer.status).reasonPhrase != "" && (200..<600).contains(answer.status))
                #expect(!answer.what.isEmpty)
                if answer.status < 300 { if case .problem = answer.content { Issue.record("\(operation.id): success is no problem") } }
            }
        }
        let ids = Router.apiRoutes.compactMap { $0.operation?.id }
        #expect(Set(ids).count == ids.count)
    }

    /// The examples have every member, so what is sent and what is described can be compared name by name.
    @Test func whatIsSentIsWhatIsDescribed() throws {
        try check(FakeServer.server, ServerView.schema)
        try check(FakeServer.ann, ClientView.schema)
        try check(FakeServer.channel, ChannelView.schema)
        try check(FakeServer.member, MemberView.schema)
        try check(FakeServer.message("m1"), MessageView.schema)
        try check(FakeServer.account, AccountView.schema)
        try check(FakeServer.ban, BanView.schema)
        try check(FakeServer.audit, AuditView.schema)
    }

    private func check(_ value: some Encodable, _ schema: JSONSchema) throws {
        let sent = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(value)) as? [String: Any])
        guard case .object(let described)? = schema.value["properties"] else {
            Issue.record("no object")
            return
        }
        #expect(Set(sent.keys) == Set(described.keys), "\(type(of: value))")
        for (name, member) in described {
            let type = member["type"]
            switch sent[name] {
            case is String: #expect(type == "string", "\(name)")
            case is [Any]: #expect(type == "array", "\(name)")
            case is [String: Any]: #expect(type == "object", "\(name)")
            case is NSNumber: #expect(type == "integer" || type == "boolean", "\(name)")
            default: Issue.record("\(name) is none of these")
            }
        }
    }

    /// A program can find out which scope a route needs.
    @Test func theScopeIsInTheDocument() throws {
        let document = OpenAPIDocument.make(Router.apiRoutes)
        let operation = document["paths"]?["/api/v1/bans"]?["get"]
        #expect(operation?["security"] == [["token": ["bans"]]])
        #expect(document["paths"]?["/api/v1/services/{service}"]?["post"]?["security"] == [["token": ["services"]], ["connection": []]])
        #expect(document["paths"]?["/livez"]?["get"]?["security"] == [])
    }
}
