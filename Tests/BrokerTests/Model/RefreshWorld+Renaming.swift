import ATProto
import Foundation

@testable import Broker
@testable import Store

/// Changes every session, token and time in a world alike: time passes, or the server has a newer token.
struct Renaming {
    var session: (PDSSession) -> PDSSession = { $0 }
    var token: (String) -> String = { $0 }
    var answer: (TokenAnswer) -> TokenAnswer = { $0 }
    var time: (Int64) -> Int64 = { $0 }

    /// The names of tokens by age.
    static let tokens = ["t0", "t1"]
    static let hashes = tokens.map { Errand(session: RefreshWorld.openedRow, authority: .model, secrets: .named($0)).tokenHash }

    /// One token later. Those that were used are alike.
    static func older(_: String) -> String { tokens[1] }
}

extension RefreshWorld {
    mutating func rename(_ renaming: Renaming) {
        row = renaming.session(row)
        for index in flights.indices {
            flights[index].machine.stage = flights[index].machine.stage.renamed(renaming)
            flights[index].machine.unsaved = flights[index].machine.unsaved.map { $0.renamed(renaming) }
        }
    }

    /// The server has a new token: all others are one older.
    mutating func rotate() {
        stored = 1
        if straggler != nil { straggler = 1 }
        if row.intent != nil { row = row.with(intent: .some(Self.note(1))) }
        rename(Renaming(token: Renaming.older, answer: { ServerAnswer.older[$0] ?? $0 }))
    }

    /// The row on disk is of a new generation.
    mutating func beginGeneration() {
        rename(Renaming(session: { $0.with(generation: max(-1, $0.generation - 1)) }))
        row = row.with(generation: 0)
    }

    /// A tick passes, for the clock and in truth.
    mutating func pass() {
        accessLife = max(0, accessLife - 1)
        for index in flights.indices { flights[index].age = min(flights[index].age + 1, Self.lifetime) }
        shift { $0 > Self.now + 500 * Self.tick ? $0 : $0 - Self.tick }
    }

    /// The clock is set back by very much, and no time passes.
    mutating func setClockBack() {
        shift { _ in Self.farAhead }
    }

    private mutating func shift(_ by: (Int64) -> Int64) {
        withoutActuallyEscaping(by) { by in
            let time: (Int64) -> Int64 = { max(by($0), Self.past) }
            rename(
                Renaming(
                    session: {
                        $0.with(
                            accessExpiresAt: time($0.accessExpiresAt),
                            retryAt: .some($0.retryAt.map(time).flatMap { $0 > Self.now ? $0 : nil }))
                    },
                    time: { max(by($0), Self.now - Int64(Self.lifetime) * Self.tick) }))
        }
    }
}

extension RefreshStage {
    /// Tells stages apart.
    var number: Int {
        switch self {
        case .idle: 0
        case .reading: 1
        case .queueing: 2
        case .finding: 3
        case .opening: 4
        case .noting: 5
        case .asking: 6
        case .saving(let attempt): 6 + attempt
        case .pausing(let attempt): 9 + attempt
        case .storing: 12
        case .returning: 13
        case .burying: 14
        case .postponing: 15
        case .visiting: 16
        case .landed: 17
        }
    }

    /// The session that it is about, as it was read.
    var session: PDSSession? {
        switch self {
        case .queueing(let session), .finding(let session), .opening(let session, _), .burying(let session, _),
            .postponing(let session, _), .visiting(let session):
            session
        case .noting(let errand), .asking(let errand): errand.session
        case .storing(let rotation, _), .returning(let rotation, _): rotation.errand.session
        case .idle, .reading, .saving, .pausing, .landed: nil
        }
    }

    func renamed(_ names: Renaming) -> RefreshStage {
        switch self {
        case .queueing(let session): .queueing(names.session(session))
        case .finding(let session): .finding(names.session(session))
        case .opening(let session, let authority): .opening(names.session(session), authority)
        case .noting(let errand): .noting(errand.renamed(names))
        case .asking(let errand): .asking(errand.renamed(names))
        case .storing(let rotation, let tokens): .storing(rotation.renamed(names), tokens)
        case .returning(let rotation, let reason): .returning(rotation.renamed(names), reason: reason)
        case .burying(let session, let reason): .burying(names.session(session), reason: reason)
        case .postponing(let session, let setback): .postponing(names.session(session), setback)
        case .visiting(let session): .visiting(names.session(session))
        case .idle, .reading, .saving, .pausing, .landed: self
        }
    }
}

extension Errand {
    /// For what does not hang on it.
    static let model = Errand(session: RefreshWorld.openedRow, authority: .model, secrets: .named(Renaming.tokens[0]))

    func renamed(_ names: Renaming) -> Errand {
        Errand(session: names.session(session), authority: authority, secrets: .named(names.token(secrets.refreshToken)))
    }
}

extension Rotation {
    func renamed(_ names: Renaming) -> Rotation {
        Rotation(errand: errand.renamed(names), answer: names.answer(answer), answeredAt: names.time(answeredAt))
    }

    /// The waits and notes from before it came say nothing any more.
    var withoutPast: Rotation {
        let session = errand.session.with(generation: -1, intent: .some(nil), retryAt: .some(nil))
        return Rotation(
            errand: Errand(session: session, authority: errand.authority, secrets: errand.secrets), answer: answer, answeredAt: answeredAt)
    }

    /// The age of the token that it brought, or of the one it left in force.
    var tokenAge: Int { Renaming.tokens.firstIndex(of: answer.refreshToken ?? errand.secrets.refreshToken) ?? 1 }
}

extension SessionSecrets {
    static func named(_ token: String) -> SessionSecrets {
        SessionSecrets(refreshToken: token, accessToken: nil, proofKey: Data())
    }
}

extension Authority {
    static let model: Authority = {
        let issuer = "https://a"
        guard let json = try? JSONSerialization.data(withJSONObject: Network.metadata(issuer: issuer)),
            let did = DID("did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"),
            let pds = Origin("https://p"),
            let server = try? AuthorizationServer(json: json, issuer: issuer, pds: pds, allowsHTTP: false)
        else { fatalError("the metadata of the model is not acceptable") }
        return Authority(did: did, pds: pds, server: server)
    }()
}

extension PDSSession {
    /// A copy with changes.
    func with(
        state: State? = nil, accessExpiresAt: Int64? = nil, generation: Int64? = nil, intent: Intent?? = nil, failures: Int? = nil,
        retryAt: Int64?? = nil
    ) -> PDSSession {
        PDSSession(
            id: id, did: did, pds: pds, issuer: issuer, clientID: clientID, clientKey: clientKey, scope: scope, state: state ?? self.state,
            accessExpiresAt: accessExpiresAt ?? self.accessExpiresAt, generation: generation ?? self.generation,
            intent: intent ?? self.intent, failures: failures ?? self.failures, retryAt: retryAt ?? self.retryAt, handle: handle,
            handleCheckedAt: handleCheckedAt, createdAt: createdAt, usedAt: usedAt)
    }
}
