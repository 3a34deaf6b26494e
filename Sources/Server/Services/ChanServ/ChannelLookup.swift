import ATProto
import Accounts
import IRCProtocol
import MainLoop
import Store

/// What commands to ChanServ name; what is not there is answered.
extension ServiceRequest {
    /// The channel of this name that the asker may know of; answers and gives nil otherwise.
    func channel(_ name: String) -> Channel? {
        guard let channel = world.channels[CaseMapping.fold(name)], client.map({ Permissions.see(channel, by: $0) }) ?? true else {
            refuse("There is no channel \(name.asParameter)")
            return nil
        }
        return channel
    }

    /// The registered channel at `index` that the asker may act for; answers and gives nil otherwise.
    func managed(_ index: Int = 0, from rank: MemberRank) -> (channel: Channel, registration: ChannelRegistration)? {
        guard let channel = channel(self[index] ?? "") else { return nil }
        guard let registration = channel.registration else {
            refuse("\(channel.name.text) is not registered")
            return nil
        }
        guard Permissions.manage(channel, from: rank, by: client) else {
            refuse(
                rank == .founder ? "Only the founder may do that" : "You need the rank \(rank.mode.rawValue) on the access list for that")
            return nil
        }
        return (channel, registration)
    }

    /// The name with which entries are signed.
    var signature: String { account ?? "administrator" }

    /// Seconds since 1970.
    var now: Int64 { world.clock.wallMilliseconds / 1000 }

    /// Puts what was changed on disk, then answers.
    func stored(_ answer: String) {
        let world = world
        noteOverride()
        wait {
            await world.flushRecords()
        } then: { isStored in
            say(answer)
            if !isStored { say("It counts now, but could not be put on disk yet. The server keeps trying") }
        }
    }

    /// Notes a change by an operator of a channel that is not its own. TRANSFER notes itself.
    private func noteOverride() {
        guard may(.chanreg), subject == nil, command.name != "TRANSFER", let channel = world.channels[CaseMapping.fold(self[0] ?? "")],
            let founder = channel.registration?.founder,
            CaseMapping.fold(founder) != asker.person?.identity.map({ CaseMapping.fold($0.account) })
        else { return }
        audit("channel.changed", ["channel": channel.name.text, "command": command.name])
    }

    /// Does a change of modes in the name of the service, as if typed.
    func changeModes(of channel: Channel, _ words: [String]) {
        world.send(world.event("MODE", [channel.name.text] + words), to: channel)
        world.keep(channel)
    }

    /// As ``withAccount(_:_:)``, for what opens the account: refused when its owner may do more on the server than the asker.
    func withAccountInReach(_ name: String, _ body: @escaping @LoopActor (AccountRecord) -> Void) {
        withAccount(name) { account in
            guard Permissions.act(on: account, by: asker.person) else {
                return refuse("\(account.name) is an operator who may do more than you")
            }
            body(account)
        }
    }

    /// The account of this name as it is spelled, or the one that this DID is linked to; answers and gives nothing to
    /// `body` when there is none.
    func withAccount(_ name: String, _ body: @escaping @LoopActor (AccountRecord) -> Void) {
        let accounts = world.services.accounts
        wait {
            await Result { () async throws -> AccountRecord? in
                if let account = try await accounts.find(name: name) { return account }
                return DID(name) == nil ? nil : try await accounts.find(did: name)
            }
        } then: { found in
            switch found {
            case .success(let account?): body(account)
            case .success(nil): refuse("There is no account \(name.asParameter)")
            case .failure: refuse("The accounts cannot be read now, try again in a moment")
            }
        }
    }
}
