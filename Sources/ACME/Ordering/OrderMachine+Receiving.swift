import ATProto
import Foundation

extension OrderMachine {
    /// Takes what came for the last request.
    ///
    /// - Parameter now: milliseconds since 1970.
    package mutating func received(_ answer: AuthorityAnswer, now: Int64) {
        guard let question = asked else { return }
        asked = nil
        if question.isSigned { nonce = nil }
        switch answer {
        case .lost(let reason): stumble(reason, now: now)
        case .response(let response):
            if let fresh = response.nonce { nonce = fresh }
            guard (200..<300).contains(response.status) else { return refused(question, response, now) }
            if question.isSigned { badNonces = 0 }
            if question.isStep { stumbles = 0 }
            take(response, for: question, now)
        }
    }

    private mutating func take(_ response: AuthorityResponse, for question: Question, _ now: Int64) {
        switch question {
        case .directory:
            directory = AuthorityDirectory(response.body)
            if directory == nil { stumble("what is at \(plan.directory) is no directory of an authority", now: now) }
        case .nonce:
            if nonce == nil { stumble("the authority gave no nonce", now: now) }
        case .account:
            guard let location = response.location else { return fail("the authority does not say where the account is", now: now) }
            (record.accountURL, record.contact) = (location, plan.contact)
            record.externalAccount = plan.externalAccount?.id
        case .contact: record.contact = plan.contact
        case .newOrder:
            guard let location = response.location else { return fail("the authority does not say where the order is", now: now) }
            record.order?.url = location
            take(order: response, now)
        case .order, .finalize: take(order: response, now)
        case .authorization(let index): take(authorization: index, response, now)
        case .challenge(let index):
            progress.answered.insert(index)
            pause(response, now)
        case .certificate: take(certificate: response, now)
        case .renewalInfo: take(advice: response, now)
        }
    }

    private mutating func take(order response: AuthorityResponse, _ now: Int64) {
        guard let order = OrderDocument(response.body) else { return stumble("the order cannot be read", now: now) }
        guard order.status != .invalid else {
            return fail(order.error.map { AuthorityProblem($0, otherwise: "invalid").text } ?? "the order has become invalid", now: now)
        }
        guard order.authorizations.count <= plan.names.count else { return fail("the order is for other names", now: now) }
        if progress.authorizations.count != order.authorizations.count {
            progress.authorizations = Array(repeating: nil, count: order.authorizations.count)
        }
        progress.order = order
        let isOpen = progress.authorizations.contains { $0 == nil || $0?.status == .pending }
        if order.status == .processing || (order.status == .pending && !isOpen) { pause(response, now) }
    }

    private mutating func take(authorization index: Int, _ response: AuthorityResponse, _ now: Int64) {
        guard let authorization = AuthorizationDocument(response.body) else {
            return stumble("an authorization cannot be read", now: now)
        }
        let name = authorization.identifier.value.lowercased()
        guard authorization.identifier.type == "dns", plan.names.contains(name) else {
            return fail("the order is for other names", now: now)
        }
        progress.authorizations[index] = authorization
        switch authorization.status {
        case .valid: return
        case .pending: break
        case .invalid, .deactivated, .expired, .revoked:
            let cause = authorization.challenges.compactMap(\.error).first.map { AuthorityProblem($0, otherwise: "invalid").text }
            return fail("\(name): \(cause ?? "the authorization is \(authorization.status.rawValue)")", now: now)
        }
        guard let challenge = authorization.challenge(plan.challenge) else {
            let offered = authorization.challenges.map(\.type).filter { ChallengeType(rawValue: $0) != nil }
            return fail("\(name): the authority does not offer \(plan.challenge.rawValue), only \(offered)", now: now)
        }
        guard let token = challenge.token, (22...256).contains(token.utf8.count), Base64URL.isAlphabet(token),
            let key = record.accountKey.flatMap({ AccountKey(pem: $0) })
        else { return fail("\(name): the token of the challenge is none", now: now) }
        let answer = ChallengeAnswer(
            type: plan.challenge, name: name, token: token, keyAuthorization: key.keyAuthorization(token))
        wanted.removeAll { $0.name == name }
        wanted.append(answer)
        // Told before the restart, or before the answer was lost.
        if challenge.status != "pending" { progress.answered.insert(index) }
        if progress.answered.contains(index) { pause(response, now) }
    }

    private mutating func take(certificate response: AuthorityResponse, _ now: Int64) {
        guard let order = record.order, response.body.count <= 100_000,
            let found = ObtainedCertificate(chain: String(decoding: response.body, as: UTF8.self), key: order.key)
        else { return fail("what came is no certificate for the key that it was asked for", now: now) }
        guard found.covers(plan.names) else { return fail("the certificate is for other names", now: now) }
        guard found.validity.upperBound > now else { return fail("the certificate has ended already; is the clock right?", now: now) }
        progress.certificate = found
    }

    private mutating func take(advice response: AuthorityResponse, _ now: Int64) {
        guard let id = certificate?.renewalID else { return }
        let wait = min(max(response.retryAfter?.milliseconds ?? 6 * Patience.hour, Patience.hour), Patience.day)
        record.renewal = RenewalAdvice(certificate: id, window: RenewalWindow(response.body), askAgain: now + wait)
        record.lastError = nil
    }

    /// What to do with an answer that is none of success.
    private mutating func refused(_ question: Question, _ response: AuthorityResponse, _ now: Int64) {
        let problem = AuthorityProblem(response.body, status: response.status)
        let wait = response.retryAfter?.milliseconds
        let isOver = response.status < 500
        if problem.kind == .badNonce, badNonces < Patience.badNonces {
            // A fresh one came with the refusal, or is asked for.
            badNonces += 1
        } else if problem.kind == .rateLimited || response.status == 429 {
            delay(problem.text, until: now + max(wait ?? Patience.hour, Patience.minute))
        } else if problem.kind == .accountDoesNotExist || (question == .contact && isOver) {
            record.accountURL = nil
            stumble(problem.text, wait: wait, now: now)
        } else if question == .renewalInfo, isOver {
            // It does not know the certificate, or does not do this any more.
            guard let id = certificate?.renewalID else { return }
            record.renewal = RenewalAdvice(certificate: id, window: nil, askAgain: now + Patience.day)
        } else if question == .newOrder, problem.kind == .alreadyReplaced, record.order?.replacesNothing == false {
            record.order?.replacesNothing = true
        } else if !isOver || [.badNonce, .orderNotReady].contains(problem.kind) || question == .directory || question == .nonce {
            stumble(problem.text, wait: wait, now: now)
        } else {
            fail(problem.text, wait: wait ?? 0, now: now)
        }
    }

    /// What is not the fault of the order: the same is tried again later.
    private mutating func stumble(_ reason: String, wait: Int64? = nil, now: Int64) {
        stumbles += 1
        badNonces = 0
        delay(reason, until: now + max(wait ?? 0, Patience.afterStumble(stumbles, jitter: jitter())))
    }

    /// Gives the authority time before the next look.
    private mutating func pause(_ response: AuthorityResponse, _ now: Int64) {
        progress.looks += 1
        pauseUntil = now + min(max(response.retryAfter?.milliseconds ?? 0, Patience.beforePoll(progress.looks)), Patience.hour)
    }
}
