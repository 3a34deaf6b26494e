import MainLoop
import NIOHTTP1
import Store

/// For monitoring.
extension Router {
    nonisolated static let healthRoutes = [
        Route(
            .GET, "/livez", for: .anybody,
            Operation(
                id: "getLiveness", group: .health, summary: "Answers as long as the server works at all.",
                answers: [.ok("It does", .object(["status": .oneOf("Always", ["ok"])]))])
        ) { router, _, _ in try router.alive() },
        Route(
            .GET, "/readyz", for: .anybody,
            Operation(
                id: "getReadiness", group: .health, summary: "Whether people can be served.",
                answers: [
                    .ok("They can", readinessSchema),
                    .init(status: 503, what: "They cannot; checks has what is wrong", content: .json(readinessSchema)),
                ])
        ) { router, _, _ in try await router.ready() },
        Route(
            .GET, "/metrics", for: .programOrAddress(.metrics),
            Operation(
                id: "getMetrics", group: .health, summary: "The metrics, for Prometheus.",
                answers: [
                    .init(status: 200, what: "All metrics", content: .other("text/plain")),
                    .problem(503, "The server is starting or stopping"),
                ])
        ) { router, _, _ in try await router.metrics() },
    ]

    private nonisolated static let readinessSchema = JSONSchema.object([
        "status": .oneOf("Whether they can", ["ready", "not ready"]),
        "checks": .texts("What was looked at, and ok or what is wrong with it"),
    ])
}
