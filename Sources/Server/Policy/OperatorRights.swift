import ATProto
import Accounts
package import IRCProtocol

extension ServerConfiguration {
    /// What each operator of the server may do.
    package struct Operators: Sendable, Equatable {
        /// The rights that some operators have.
        package struct Class: Sendable, Equatable {
            package var name: String
            /// With those of the classes that it extends.
            package var privileges: Set<OperatorPrivilege>
            /// What WHOIS says in place of "is an IRC operator".
            package var whoisLine: String?
            /// What they are told of until they say otherwise.
            package var notices = NoticeMask([.bans, .server])

            package init(name: String, privileges: Set<OperatorPrivilege>, whoisLine: String? = nil) {
                (self.name, self.privileges, self.whoisLine) = (name, privileges, whoisLine)
            }

            /// Of those who have no class.
            package static let full = Class(name: "full", privileges: Set(OperatorPrivilege.allCases))
        }

        /// By name.
        package var classes: [String: Class] = [:]
        /// Of operators that have no class of their own; nil: they may do everything.
        package var defaultClass: String?
        /// The name of the class, by DID or folded name of the account.
        private var assigned: [String: String] = [:]

        package init() {}

        /// - Parameter name: of a local account, or a DID.
        package mutating func assign(_ className: String, to name: String) { assigned[CaseMapping.fold(name)] = className }

        /// The class of an operator. A class that is not there gives nothing.
        func rights(of identity: Identity?) -> Class {
            let own = identity.flatMap { identity in
                assigned[CaseMapping.fold(identity.account)] ?? identity.did.flatMap { assigned[CaseMapping.fold($0.text)] }
            }
            guard let name = own ?? defaultClass, name != Class.full.name else { return .full }
            return classes[name] ?? Class(name: name, privileges: [])
        }
    }
}
