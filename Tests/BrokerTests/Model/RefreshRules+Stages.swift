import ATProto

@testable import Broker
@testable import Store

/// What may come of each stage of a machine. The first move of a stage is the one that goes well.
extension RefreshRules {
    func stage(_ index: Int, of world: RefreshWorld) -> [RefreshMove] {
        let machine = world.flights[index].machine
        var moves: [RefreshMove] = []
        /// What happens in the world, and what the machine is told of it; nothing, if it is not told yet.
        func add(_ name: String, _ change: (inout RefreshWorld) -> RefreshEvent?) {
            var next = world
            let event = change(&next)
            moves.append(next.tell(event, to: index, name: name, flaw: flaw))
        }
        /// A write that goes well, fails, or fails although it was done.
        func addWrite(_ name: String, _ write: (inout RefreshWorld) -> RefreshEvent) {
            add(name) { write(&$0) }
            add(name + " fails") { $0.trouble(index) }
            add(name + " seems to fail") { world in
                _ = write(&world)
                return world.trouble(index)
            }
        }
        switch machine.stage {
        case .idle, .landed: break
        case .reading:
            add("the row is read") { .row(flaw == .doesNotWait ? $0.row.with(retryAt: .some(nil)) : $0.row) }
            add("the row cannot be read") { $0.trouble(index) }
        case .queueing: add("there is a place at the gate") { _ in .done }
        case .finding:
            add("identity and issuer are known") { _ in .found(.model) }
            add("the identity is not known") { _ in
                flaw == .takesSilenceForDeath ? .lost(reason: "") : .unreachable(reason: "", retryAfter: nil)
            }
            add("the directory asks to wait") { _ in .unreachable(reason: "", retryAfter: .seconds(120)) }
            add("the account is gone or moved") {
                $0.isDisowned = true
                return .lost(reason: "")
            }
        case .opening:
            add("the secrets are read") { .secrets($0.row.isDead ? nil : .named(Renaming.tokens[$0.stored])) }
            add("the secrets cannot be read") { $0.trouble(index) }
        case .noting(let errand): addWrite("the note") { note(errand, in: &$0) }
        case .asking(let errand): ask(errand, index, of: world, add)
        case .saving:
            guard let rotation = machine.unsaved else { break }
            if flaw == .answersBeforeItIsStored { add("the token is taken for stored") { _ in .saved(isLive: true) } }
            addWrite("the token") { world in
                guard !world.row.isDead else { return .saved(isLive: false) }
                world.beginGeneration()
                world.stored = rotation.tokenAge
                world.accessLife = 0
                world.row = world.row.with(accessExpiresAt: RefreshWorld.past, intent: .some(nil))
                return .saved(isLive: true)
            }
        case .pausing: add("the pause is over") { _ in .done }
        case .storing(let rotation, let tokens):
            addWrite("the access token") { world in
                guard !world.row.isDead else { return .row(world.row) }
                let expiresAt = rotation.answeredAt + tokens.lifetime.milliseconds
                world.row = world.row.with(
                    accessExpiresAt: min(max(expiresAt, RefreshWorld.past), RefreshWorld.farAhead), retryAt: .some(nil))
                world.accessLife = RefreshWorld.lifetime - world.flights[index].age
                return .row(world.row)
            }
        case .returning(let rotation, _):
            add("the session is given back") {
                if rotation.tokenAge == 0 { $0.isAlive = false }
                return .done
            }
            add("the session cannot be given back") { _ in .done }
        case .burying:
            addWrite("the end") { world in
                if !world.row.isDead { world.bury() }
                return .done
            }
        case .postponing(let session, let setback):
            addWrite("the next try") { world in
                let delay = RefreshWorld.backoff.delay(failures: session.failures + 1, asked: setback.asked, chance: 0)
                world.row = world.row.with(
                    intent: setback.isSettled ? .some(nil) : nil, retryAt: .some(RefreshWorld.now + delay.milliseconds))
                return .postponed(delay)
            }
        case .visiting(let session):
            add("the visit") { .row($0.row) }
            add("no visit") { _ in .row(session) }
        }
        return moves
    }

    private func note(_ errand: Errand, in world: inout RefreshWorld) -> RefreshEvent {
        guard !world.row.isDead, world.row.generation == errand.session.generation else { return .changed(world.row) }
        if flaw != .forgetsTheNote {
            world.row = world.row.with(
                intent: .some(RefreshWorld.note(Renaming.tokens.firstIndex(of: errand.secrets.refreshToken) ?? 1)))
        }
        return .noted
    }

    private func ask(
        _ errand: Errand, _ index: Int, of world: RefreshWorld, _ add: (String, (inout RefreshWorld) -> RefreshEvent?) -> Void
    ) {
        let token = Renaming.tokens.firstIndex(of: errand.secrets.refreshToken) ?? 1
        if let answer = world.flights[index].answer {
            add("the answer comes") { world in
                world.flights[index].answer = nil
                if flaw == .checksBeforeItStores, !answer.vouches, answer != .refused {
                    return .outcome(.unknown(reason: "", retryAfter: nil))
                }
                world.flights[index].age = 0
                world.flights[index].isVouched = answer.vouches
                return .outcome(answer.outcome.withoutReason)
            }
            add("the answer is lost") { world in
                world.flights[index].answer = nil
                if answer.isRotation { world.isLost = true }
                return .outcome(death(of: .unknown(reason: "", retryAfter: nil)))
            }
            return
        }
        for answer in answers(to: token, of: world) {
            add("the server answers: \(answer)") { world in
                world.take(answer)
                world.flights[index].answer = answer
                return nil
            }
        }
        for (name, outcome) in Self.disturbances {
            add(name) { _ in .outcome(death(of: outcome)) }
        }
        if world.straggler == nil, world.isAlive {
            add("timeout, the request still under way") { world in
                world.straggler = token
                return .outcome(death(of: .unknown(reason: "", retryAfter: nil)))
            }
        }
    }

    private func answers(to token: Int, of world: RefreshWorld) -> [ServerAnswer] {
        token == 0 && world.isAlive ? [.rotated, .rotatedWithoutScope, .kept, .keptWithoutScope, .otherAccount] : [.refused]
    }

    private func death(of outcome: RefreshOutcome) -> RefreshOutcome {
        switch outcome {
        case .unknown where flaw == .takesDoubtForDeath, .clientRefused where flaw == .takesTheClientForTheSession: .dead(reason: "")
        default: outcome
        }
    }
}

extension RefreshWorld {
    fileprivate mutating func trouble(_ index: Int) -> RefreshEvent {
        flights[index].isTroubled = true
        return .failed
    }

    /// The server does what it answers.
    fileprivate mutating func take(_ answer: ServerAnswer) {
        if answer.isRotation { rotate() }
        if answer == .otherAccount { isDisowned = true }
    }

    /// The machine goes on, and is looked at.
    fileprivate func tell(_ event: RefreshEvent?, to index: Int, name: String, flaw: RefreshFlaw?) -> RefreshMove {
        var next = self
        var violation: String?
        if let event {
            next.flights[index].machine.handle(event, now: Self.now)
            next.flights[index].machine.unsaved = next.flights[index].machine.unsaved?.withoutPast
            switch next.flights[index].machine.stage {
            case .asking(let errand): violation = next.objection(toSending: errand)
            // A proof is of the moment before the visit.
            case .visiting where accessLife > 0 && !row.isDead: next.flights[index].isVouched = true
            default: break
            }
        } else if next.flights[index].answer == .refused, isAlive {
            // A token that was used: the server ends the session.
            if isSalvageable { violation = "a used token is sent although the answer had come" }
            next.isAlive = false
        }
        if next.row.isDead, !row.isDead, isAlive, !isEnded, !isDisowned { violation = "the session is ended, but the server has it" }
        if case .landed(let proof) = next.flights[index].machine.stage {
            violation = violation ?? next.objection(to: proof, in: next.flights[index])
            next.flights[index].machine.rest()
            if next.flights[index].machine.unsaved == nil || flaw == .dropsTheUnsaved {
                next.flights[index] = Flight()
            } else {
                (next.flights[index].isVouched, next.flights[index].isTroubled) = (false, false)
            }
            if index > 0 { next.flights.remove(at: index) }
        }
        return RefreshMove(name: name, world: next.simplified, violation: violation)
    }

    private func objection(toSending errand: Errand) -> String? {
        let asking = flights.filter { if case .asking = $0.machine.stage { true } else { false } }
        if asking.count > 1 { return "two refreshes of one session in flight" }
        if row.intent?.tokenHash != errand.tokenHash { return "a token is sent that is not noted on disk" }
        if errand.secrets.refreshToken != Renaming.tokens[stored] { return "another token is sent than the one on disk" }
        if flights.contains(where: { $0.machine.unsaved != nil }) { return "a token is sent while a newer one is held" }
        if row.wait(now: Self.now) != nil { return "a token is sent while the session is to be left alone" }
        return nil
    }
}
