import NIOHTTP1

extension Route {
    /// Every way in which the route answers, by ascending status: what its operation says, and what follows from how it is declared.
    /// Empty where it is not a part of the API.
    var answers: [Operation.Answer] {
        guard let operation else { return [] }
        var all = operation.answers
        for answer in generalAnswers where !all.contains(where: { $0.status == answer.status }) { all.append(answer) }
        return all.sorted { $0.status < $1.status }
    }

    private var generalAnswers: [Operation.Answer] {
        var answers: [Operation.Answer] = []
        if operation?.query.isEmpty == false || operation?.body != nil { answers.append(.problem(400, "The request makes no sense")) }
        switch access {
        case .anybody: break
        case .anybodyOrPerson: answers += [Self.noToken, Self.tooMany]
        case .program, .programOrPerson, .programOrAddress:
            answers += [Self.noToken, .problem(403, "The token lacks the scope"), Self.tooMany]
        case .owner:
            answers += [
                Self.noToken, .problem(403, "The account is suspended, or its owner may not do this with what is shown"), Self.tooMany,
                .problem(502, "The server of the account answered with something unusable"),
            ]
        }
        if method != .GET { answers.append(.problem(403, "The page that asks is not one that may")) }
        if operation?.body != nil { answers.append(.problem(413, "The body is too large")) }
        return answers + [.problem(503, "Not now: too much is going on, or the server of the account does not answer")]
    }

    private static let noToken = Operation.Answer.problem(401, "There is no token, or one that does not count")
    private static let tooMany = Operation.Answer.problem(429, "Too many unknown tokens from this address, or too many requests")
}
