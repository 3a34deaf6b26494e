import Accounts
import Broker
import Foundation
import MainLoop
import NIOCore
import NIOHTTP1
import Store

/// The device passwords of an account, for whoever shows one of its broker tokens, or that of a connection (`Authorization: Bearer`).
extension Router {
    private struct Listed: Encodable {
        struct Device: Encodable {
            let name: String
            /// RFC 3339, as the other times.
            let created_at: String
            let used_at: String?
            let expires_at: String?
        }

        let devices: [Device]
    }

    private struct Asked: Decodable {
        let name: String
        let days: Int?
    }

    private struct Made: Encodable {
        /// What to log in as.
        let account: String
        let name: String
        let password: String
    }

    /// `GET /api/v1/account/devices`.
    func listDevices(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asAccountOwner(request) { owner in
            let found = try await self.server.devicePasswords(of: owner)
            return try .json(
                Listed(
                    devices: found.map { device in
                        Listed.Device(
                            name: device.name, created_at: Self.text(device.createdAt), used_at: device.lastUsedAt.map(Self.text),
                            expires_at: device.expiresAt.map(Self.text))
                    }))
        }
    }

    /// `POST /api/v1/account/devices` with `{"name": "phone", "days": 90}`: the password is in the answer and nowhere else.
    func makeDevice(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asAccountOwner(request) { owner in
            guard let asked = request.json(Asked.self) else {
                return try .problem(
                    .badRequest, "The body must be a JSON object with the member name, and days if it is to end, sent as application/json")
            }
            let order: DevicePasswordOrder
            do throws(DevicePasswordOrder.Fault) {
                order = try DevicePasswordOrder(name: asked.name, days: asked.days.map(String.init))
            } catch {
                return try .problem(.badRequest, error.description)
            }
            let made = try await self.server.makeDevicePassword(order, for: owner)
            guard case .made(let password) = made.outcome else {
                return try .problem(made.outcome == .tooOften ? .tooManyRequests : .conflict, made.outcome.refusal ?? "")
            }
            var response = try HTTPResponse.json(Made(account: made.account, name: order.name, password: password.text))
            response.status = .created
            return response
        }
    }

    /// `DELETE /api/v1/account/devices/{name}`: connections that use it are closed.
    func revokeDevice(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await asAccountOwner(request) { owner in
            let isRevoked = try await self.server.revokeDevicePassword(request.target.pathPart(4) ?? "", of: owner)
            return isRevoked ? HTTPResponse(.noContent) : try .problem(.notFound, "There is no such device password")
        }
    }
}
