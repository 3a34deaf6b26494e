import Accounts
import Settings

extension PasswordHasher {
    convenience init(_ accounts: Settings.Accounts) {
        let cost = Cost(
            memory: UInt32(accounts.hashMemory >> 10), passes: UInt32(accounts.hashPasses), lanes: UInt32(accounts.hashLanes))
        self.init(cost: cost, scramIterations: accounts.scram ? accounts.scramIterations : nil)
    }
}
