import ATProto
import Foundation
import MainLoop

/// The way to the network of one process of the daemon. When the process is killed, nothing more gets out or in.
@LoopActor
final class NetworkProcess: Fetching {
    private let network: Network
    /// Refreshes that were sent and not answered, by session of the server.
    private(set) var inFlight: [Int: Int] = [:]
    /// The most refreshes of one session in flight together.
    private(set) var mostInFlight = 0
    /// Sessions that were rotated and whose answer never came here whole.
    private(set) var lostAnswers: Set<Int> = []
    var isKilled = false

    init(_ network: Network) {
        self.network = network
    }

    func fetch(_ request: FetchRequest) async throws(FetchError) -> FetchResponse {
        guard !isKilled else { throw .broken(reason: "killed") }
        guard NetworkEndpoint(request) == .refresh, let session = network.session(of: request.form["refresh_token"] ?? "") else {
            return try await network.fetch(request)
        }
        let before = network.sessions[session]?.refreshToken
        inFlight[session, default: 0] += 1
        mostInFlight = max(mostInFlight, inFlight[session] ?? 0)
        defer { inFlight[session, default: 1] -= 1 }
        var isWhole = false
        defer {
            // A session that the server destroyed was not rotated: that is no excuse for it.
            if !isWhole, let now = network.sessions[session]?.refreshToken, now != before { lostAnswers.insert(session) }
        }
        let response = try await network.fetch(request)
        guard !isKilled else { throw .broken(reason: "killed") }
        let body = try? JSONSerialization.jsonObject(with: response.body) as? [String: Any]
        isWhole = response.status == 200 && body?["refresh_token"] != nil
        return response
    }
}
