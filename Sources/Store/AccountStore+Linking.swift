import GRDB

/// The DIDs that are linked to local accounts. Everything else that belongs to an account is kept under its name, so it stays.
extension AccountStore {
    /// How an attempt to link a DID ended.
    package enum Linking: Sendable, Equatable {
        case linked
        /// The DID opens this account.
        case taken(by: String)
        /// The account has a DID.
        case occupied
        /// There is no such account, or it is suspended.
        case closed
    }

    /// Makes a DID open a local account.
    package func link(did: String, toAccount name: String) async throws -> Linking {
        try await database.writer.write { db in
            let folded = name.lowercasedASCII
            guard
                let account = try Row.fetchOne(db, sql: "SELECT * FROM account WHERE folded = ?", arguments: [folded]).map(
                    AccountRecord.init),
                !account.isSuspended
            else { return .closed }
            guard account.did == nil else { return .occupied }
            if let owner = try String.fetchOne(db, sql: "SELECT name FROM account WHERE did = ?", arguments: [did]) {
                return .taken(by: owner)
            }
            try db.execute(sql: "UPDATE account SET did = ? WHERE folded = ?", arguments: [did, folded])
            return .linked
        }
    }

    /// Undoes ``link(did:toAccount:)``; does nothing when the account has another DID by now, or none.
    package func takeBack(did: String, fromAccount name: String) async throws {
        try await database.writer.write { db in
            try db.execute(sql: "UPDATE account SET did = NULL WHERE folded = ? AND did = ?", arguments: [name.lowercasedASCII, did])
        }
    }

    /// How an attempt to unlink a DID ended.
    package enum Unlinking: Sendable, Equatable {
        /// This DID no longer opens the account.
        case unlinked(String)
        /// No DID is linked.
        case nothing
        /// It is the only thing that opens the account: there is neither a password nor a certificate.
        case onlyWay
    }

    /// Takes the DID off a local account that can be logged in to without it.
    package func unlinkDID(fromAccount name: String) async throws -> Unlinking {
        try await database.writer.write { db in
            let folded = name.lowercasedASCII
            let row = try Row.fetchOne(db, sql: "SELECT * FROM account WHERE folded = ?", arguments: [folded])
            guard let account = row.map(AccountRecord.init), account.isLocal, let did = account.did else { return .nothing }
            let hasCertificate = try Bool.fetchOne(
                db, sql: "SELECT EXISTS (SELECT 1 FROM account_certificate WHERE account = ?)", arguments: [folded])
            guard account.passwordHash != nil || hasCertificate == true else { return .onlyWay }
            try db.execute(sql: "UPDATE account SET did = NULL WHERE folded = ?", arguments: [folded])
            return .unlinked(did)
        }
    }
}
