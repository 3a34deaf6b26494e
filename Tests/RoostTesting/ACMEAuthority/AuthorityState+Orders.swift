import Crypto
import Foundation

extension AuthorityState {
    mutating func newAccount(_ message: AuthorityMessage) throws(AuthorityRefusal) -> AuthorityReply {
        let wish = try message.object()
        if let known = accounts.firstIndex(where: { $0.thumbprint == message.thumbprint }) {
            return json(["status": "valid"], [("Location", "\(origin)/account/\(known)")])
        }
        guard wish["termsOfServiceAgreed"] as? Bool == true else {
            throw AuthorityRefusal(403, "userActionRequired", "the terms are not agreed to")
        }
        if let external = options.externalAccount { try check(wish["externalAccountBinding"], external, message) }
        let contact = wish["contact"] as? [String] ?? []
        accounts.append(Account(key: message.key, thumbprint: message.thumbprint, contact: contact))
        records.accounts += 1
        records.contact = contact
        return json(["status": "valid"], status: 201, [("Location", "\(origin)/account/\(accounts.count - 1)")])
    }

    mutating func updateAccount(_ message: AuthorityMessage, _ index: Int) throws(AuthorityRefusal) -> AuthorityReply {
        guard index == message.account else { throw AuthorityRefusal(401, "unauthorized", "another account") }
        accounts[index].contact = try message.object()["contact"] as? [String] ?? []
        records.contact = accounts[index].contact
        return json(["status": "valid"])
    }

    mutating func newOrder(_ message: AuthorityMessage) throws(AuthorityRefusal) -> AuthorityReply {
        let wish = try message.object()
        let identifiers = wish["identifiers"] as? [[String: String]] ?? []
        let names = identifiers.compactMap { $0["type"] == "dns" ? $0["value"] : nil }
        guard !names.isEmpty, names.count == identifiers.count, Set(names).count == names.count, names.allSatisfy({ $0 == $0.lowercased() })
        else { throw AuthorityRefusal(400, "malformed", "no identifiers, or odd ones: \(identifiers)") }
        if let replaced = wish["replaces"] as? String {
            guard renewalIDs.contains(replaced) else { throw AuthorityRefusal(400, "malformed", "replaces what is unknown") }
            records.replaced = replaced
        }
        let number = orders.count
        var made: [Int] = []
        for name in names {
            made.append(authorizations.count)
            authorizations.append(Authorization(name: name, token: Self.random(), order: number))
        }
        orders.append(Order(account: message.account, names: names, authorizations: made))
        records.orders += 1
        var reply = document(number)
        reply.status = 201
        reply.headers.append(("Location", "\(origin)/order/\(number)"))
        return reply
    }

    mutating func order(_ message: AuthorityMessage, _ index: Int) throws(AuthorityRefusal) -> AuthorityReply {
        try mustOwn(message, index)
        try message.mustOnlyRead()
        if orders[index].status == "processing" {
            orders[index].looksLeft -= 1
            if orders[index].looksLeft <= 0 { orders[index].status = "valid" }
        }
        return document(index)
    }

    func authorization(_ message: AuthorityMessage, _ index: Int) throws(AuthorityRefusal) -> AuthorityReply {
        guard authorizations.indices.contains(index) else { throw AuthorityRefusal(404, "malformed", "there is no such authorization") }
        try mustOwn(message, authorizations[index].order)
        try message.mustOnlyRead()
        let found = authorizations[index]
        return json([
            "identifier": ["type": "dns", "value": found.name], "status": found.status,
            "challenges": options.challenges.map { challengeDocument($0, index) },
        ])
    }

    private func challengeDocument(_ type: String, _ index: Int) -> [String: Any] {
        let found = authorizations[index]
        var value: [String: Any] = ["type": type, "url": "\(origin)/challenge/\(index)/\(type)", "token": found.token, "status": "pending"]
        if found.chosen == type {
            value["status"] = found.status == "pending" ? "processing" : found.status
            if let error = found.error { value["error"] = ["type": "urn:ietf:params:acme:error:unauthorized", "detail": error] }
        }
        return value
    }

    mutating func challenge(_ message: AuthorityMessage, _ index: Int, type: String) throws(AuthorityRefusal) -> AuthorityReply {
        guard authorizations.indices.contains(index), options.challenges.contains(type) else {
            throw AuthorityRefusal(404, "malformed", "there is no such challenge")
        }
        try mustOwn(message, authorizations[index].order)
        guard try message.object().isEmpty else { throw AuthorityRefusal(400, "malformed", "a challenge wants {}") }
        if authorizations[index].chosen == nil {
            authorizations[index].chosen = type
            records.looks += 1
            let found = authorizations[index]
            looks.append(
                Look(
                    authorization: index, type: type, name: found.name, token: found.token,
                    keyAuthorization: "\(found.token).\(accounts[message.account].thumbprint)",
                    port: type == "http-01" ? options.httpPort : options.tlsPort))
        }
        return json(challengeDocument(type, index))
    }

    mutating func finalize(_ message: AuthorityMessage, _ index: Int) throws(AuthorityRefusal) -> AuthorityReply {
        try mustOwn(message, index)
        guard orders[index].status == "ready" else {
            throw AuthorityRefusal(403, "orderNotReady", "the order is \(orders[index].status)")
        }
        guard let csr = (try message.object()["csr"] as? String).flatMap({ AuthorityText.decode($0) }) else {
            throw AuthorityRefusal(400, "badCSR", "there is none")
        }
        let issued = try issuer.issue(csr, names: orders[index].names, notFor: message.key, now: options.now(), lifetime: options.lifetime)
        orders[index].chain = issued.chain
        renewalIDs.insert(issued.renewalID)
        orders[index].looksLeft = options.processingLooks
        orders[index].status = options.processingLooks > 0 ? "processing" : "valid"
        records.certificates += 1
        records.issued.append(orders[index].names)
        return document(index)
    }

    func certificate(_ message: AuthorityMessage, _ index: Int) throws(AuthorityRefusal) -> AuthorityReply {
        try mustOwn(message, index)
        try message.mustOnlyRead()
        guard orders[index].status == "valid", let chain = orders[index].chain else {
            throw AuthorityRefusal(404, "malformed", "there is no certificate yet")
        }
        return AuthorityReply(status: 200, headers: [("Content-Type", "application/pem-certificate-chain")], body: Data(chain.utf8))
    }

    private func document(_ index: Int) -> AuthorityReply {
        let order = orders[index]
        var value: [String: Any] = [
            "status": order.status, "identifiers": order.names.map { ["type": "dns", "value": $0] },
            "authorizations": order.authorizations.map { "\(origin)/authorization/\($0)" }, "finalize": "\(origin)/order/\(index)/finalize",
        ]
        if order.status == "valid" { value["certificate"] = "\(origin)/certificate/\(index)" }
        return json(value)
    }

    private func mustOwn(_ message: AuthorityMessage, _ order: Int) throws(AuthorityRefusal) {
        guard orders.indices.contains(order) else { throw AuthorityRefusal(404, "malformed", "there is no such order") }
        guard orders[order].account == message.account else { throw AuthorityRefusal(401, "unauthorized", "the order of somebody else") }
    }
}
