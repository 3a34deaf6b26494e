import MainLoop
import NIOCore
import NIOHTTP1

extension Router {
    private struct Alive: Encodable {
        let status = "ok"
    }

    private struct Ready: Encodable {
        let status: String
        let checks: [String: String]
    }

    /// `GET /livez`: the loop turns, or there would be no answer.
    func alive() throws -> HTTPResponse {
        try .json(Alive())
    }

    /// `GET /readyz`: 200 when people can be served, else 503; both with what was looked at.
    func ready() async throws -> HTTPResponse {
        let readiness = await monitored?.readiness() ?? Readiness(["server": "starting"])
        var response = try HTTPResponse.json(Ready(status: readiness.isReady ? "ready" : "not ready", checks: readiness.checks))
        if !readiness.isReady { response.status = .serviceUnavailable }
        return response
    }

    /// `GET /metrics`, for Prometheus.
    func metrics() async throws -> HTTPResponse {
        guard let monitored else { return try .problem(.serviceUnavailable, "The server is starting or stopping") }
        return HTTPResponse(.ok, type: "text/plain; version=0.0.4; charset=utf-8", body: ByteBuffer(string: await monitored.metrics()))
    }
}
