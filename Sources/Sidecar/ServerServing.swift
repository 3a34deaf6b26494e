package import Accounts
package import Foundation
package import MainLoop
package import Server
package import Store

/// What the routes need of the IRC side.
@LoopActor
package protocol ServerServing: APIServing {
    func state(ofBearer token: String) -> BearerState
    func pins(of name: String, for caller: Caller?) async throws -> (channel: String, pins: [PublicPin])?
    func command(
        _ service: String, _ text: String, by caller: Caller, isSure: Bool
    ) async throws(AdministrationError) -> ServiceAnswer
    func waitingConnection(_ link: String) -> WaitingConnection
    func ownAccount(of owner: AccountOwner) async throws -> OwnAccount
    func unlinkIdentity(of owner: AccountOwner) async throws -> AccountStore.Unlinking
    func devicePasswords(of owner: AccountOwner) async throws -> [DevicePasswordRecord]
    func makeDevicePassword(
        _ order: DevicePasswordOrder, for owner: AccountOwner
    ) async throws -> (account: String, outcome: DevicePasswords.Outcome)
    func revokeDevicePassword(_ name: String, of owner: AccountOwner) async throws -> Bool
    func export(token: String, after sequence: Int64) async throws -> (lines: Data, next: Int64?)?
}

extension World: ServerServing {}
