import ATProto
import Foundation

extension OrderMachine.Question {
    /// Whether a nonce is spent on it.
    var isSigned: Bool {
        switch self {
        case .directory, .nonce, .renewalInfo: false
        default: true
        }
    }

    /// Whether the order is further when it is answered; what only reads proves nothing.
    var isStep: Bool {
        switch self {
        case .directory, .nonce, .order, .authorization: false
        default: true
        }
    }
}

extension OrderMachine {
    /// What cannot be asked.
    struct Unaskable: Error, CustomStringConvertible {
        let description: String
    }

    /// The request for `question`, of which everything that it depends on is known.
    func request(_ question: Question) throws -> FetchRequest {
        switch question {
        case .directory: return FetchRequest(method: "GET", url: plan.directory, limits: .authority)
        case .nonce: return FetchRequest(method: "HEAD", url: try known(directory?.newNonce), limits: .authority)
        case .renewalInfo:
            let url = try known(directory?.renewalInfo)
            let separator = url.hasSuffix("/") ? "" : "/"
            return FetchRequest(method: "GET", url: url + separator + (try known(certificate?.renewalID)), limits: .authority)
        case .account: return try signed(newAccount(), url: known(directory?.newAccount), by: .key)
        case .contact: return try signed(Contact(contact: plan.contact), url: known(record.accountURL))
        case .newOrder: return try signed(newOrder(), url: known(directory?.newOrder))
        case .order: return try signed(nil, url: known(record.order?.url))
        case .authorization(let index): return try signed(nil, url: known(progress.order).authorizations[index])
        case .challenge(let index):
            return try signed(Nothing(), url: known(progress.authorizations[index]?.challenge(plan.challenge)).url)
        case .finalize:
            let order = try known(record.order)
            let csr = Base64URL.encode(try SigningRequest.make(names: order.names, key: order.key))
            return try signed(Finalization(csr: csr), url: known(progress.order).finalize)
        case .certificate:
            var request = try signed(nil, url: known(progress.order?.certificate))
            request.headers.append(("Accept", "application/pem-certificate-chain"))
            return request
        }
    }

    /// - Parameter payload: nil for a request that only reads.
    private func signed(
        _ payload: (any Encodable)?, url: @autoclosure () throws -> String, by signer: SignedBody.Signer? = nil
    ) throws -> FetchRequest {
        guard let pem = record.accountKey, let key = AccountKey(pem: pem) else {
            throw Unaskable(description: "the key of the account cannot be read")
        }
        let url = try url()
        let body = try SignedBody.make(
            payload.map { try JSON.encode($0) }, url: url, nonce: known(nonce), key: key,
            signer: signer ?? .account(known(record.accountURL)))
        return FetchRequest(
            method: "POST", url: url, headers: [("Content-Type", SignedBody.mediaType)], body: body, limits: .authority)
    }

    private func newAccount() throws -> some Encodable {
        let url = try known(directory?.newAccount)
        let key = try known(record.accountKey.flatMap { AccountKey(pem: $0) })
        return NewAccount(
            termsOfServiceAgreed: true, contact: plan.contact,
            externalAccountBinding: try plan.externalAccount.map { try SignedBody.make(JSON.encode(key.jwk), url: url, with: $0) })
    }

    private func newOrder() throws -> some Encodable {
        let order = try known(record.order)
        // Only an authority that has answered for the certificate knows it.
        let advice = record.renewal.flatMap { $0.window == nil ? nil : $0.certificate }
        let replaced = advice.flatMap { $0 == certificate?.renewalID && !order.replacesNothing ? $0 : nil }
        return NewOrder(identifiers: order.names.map { Identifier(value: $0) }, replaces: replaced)
    }

    private func known<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Unaskable(description: "the authority left out what comes next") }
        return value
    }

    private struct NewAccount: Encodable {
        let termsOfServiceAgreed: Bool
        let contact: [String]
        let externalAccountBinding: SignedBody.Signed?
    }

    private struct Contact: Encodable {
        let contact: [String]
    }

    private struct NewOrder: Encodable {
        let identifiers: [Identifier]
        let replaces: String?
    }

    private struct Nothing: Encodable {}

    private struct Finalization: Encodable {
        let csr: String
    }
}
