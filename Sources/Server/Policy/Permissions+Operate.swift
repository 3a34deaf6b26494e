import Accounts
import IRCProtocol
import MainLoop
import Store

/// What operators of the server may do. It is looked up each time, so that a reload counts at once.
extension Permissions {
    /// The class that `client` operates with; nil when it is no operator.
    static func operatorClass(of client: Client) -> ServerConfiguration.Operators.Class? {
        guard client.isOperator else { return nil }
        return client.world.configuration.operators.rights(of: operatorIdentity(of: client))
    }

    /// As whom `client` operates.
    static func operatorIdentity(of client: Client) -> Identity? { client.operatesAs ?? client.identity }

    /// Whether somebody may do what operators with `privilege` may.
    ///
    /// - Parameter client: nil for an administrator, who may do everything.
    static func exercise(_ privilege: OperatorPrivilege, by client: Client?) -> Bool {
        guard let client else { return true }
        return operatorClass(of: client)?.privileges.contains(privilege) == true
    }

    /// Whether somebody with the privilege for it may act as the owner of `account`, or on what opens it: not when the owner may do more
    /// as an operator, so that nobody gets by a password what the class does not give.
    ///
    /// - Parameter client: nil for an administrator.
    static func act(on account: AccountRecord, by client: Client?) -> Bool {
        guard let client else { return true }
        let owner = Identity(account)
        guard operate(as: owner, client.world.configuration) else { return true }
        let rights = client.world.configuration.operators.rights(of: owner)
        return operatorClass(of: client).map { rights.privileges.isSubset(of: $0.privileges) } ?? false
    }
}

extension World {
    /// Where `session` comes from, as far as `viewer` may know it: those who may see what is hidden, and its own person; the cloak for others.
    ///
    /// - Parameter viewer: nil for an administrator.
    func shownAddress(of session: Session, to viewer: Client?) -> String {
        let mayKnow = Permissions.exercise(.auspex, by: viewer) || session.client === viewer
        return mayKnow || session.client.identity?.account == viewer?.identity?.account && viewer?.identity != nil
            ? session.peer.address : session.client.host
    }
}
