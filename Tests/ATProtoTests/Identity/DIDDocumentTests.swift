import ATProto
import Foundation
import Testing

@Suite struct DIDDocumentTests {
    private let did = "did:plc:abcdefghijklmnopqrstuvwx"
    private let key = "zQ3shqwJEJyMBsBXCWyCBpUBMqxcon9oHB7mCvx4sSpMdLJwc"

    private func document(_ json: String) throws -> DIDDocument {
        try DIDDocument(json: Data(json.utf8), expecting: #require(DID(did)))
    }

    @Test func readsWhatItNeeds() throws {
        let document = try document(
            ##"""
            {"@context":[],"id":"\##(did)","alsoKnownAs":["https://x","at://not a handle","at://Alice.Example.com","at://b.example.com"],
             "verificationMethod":[{"id":"\##(did)#atproto","type":"Multikey","controller":"\##(did)","publicKeyMultibase":"\##(key)"}],
             "service":[{"id":"#other","type":"X","serviceEndpoint":{"a":1}},
                        {"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example.com"}]}
            """##)
        #expect(document.claimedHandle?.text == "alice.example.com")
        #expect(document.pds?.text == "https://pds.example.com")
        #expect(document.signingKey?.multibase == key)
        #expect(document.authenticationKeys.isEmpty)
    }

    @Test func whatMeansNothingHereMayHaveAnyForm() throws {
        let document = try document(
            ##"""
            {"id":"\##(did)","alsoKnownAs":[7,{"a":1},"at://alice.example.com"],
             "verificationMethod":[null,{"type":"X"},{"id":"#atproto","controller":"\##(did)","publicKeyMultibase":"\##(key)"}],
             "authentication":[1,["#atproto"],"#atproto"],
             "service":["x",{"type":"no id"},{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.example.com"}]}
            """##)
        #expect(document.claimedHandle?.text == "alice.example.com" && document.pds?.text == "https://pds.example.com")
        #expect(document.signingKey?.multibase == key && document.authenticationKeys.count == 1)
    }

    @Test func keysForLoginsComeInlineOrByReference() throws {
        let document = try document(
            ##"""
            {"id":"\##(did)","verificationMethod":[{"id":"#k","controller":"\##(did)","publicKeyMultibase":"\##(key)"}],
             "authentication":["\##(did)#k","#missing"],
             "assertionMethod":[{"id":"#i","publicKeyMultibase":"\##(key)"},{"id":"#bad","publicKeyMultibase":"zz"}]}
            """##)
        #expect(document.authenticationKeys.count == 1)
        #expect(document.assertionKeys.count == 1)
        #expect(document.pds == nil && document.claimedHandle == nil)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"id":"did:plc:zzzzzzzzzzzzzzzzzzzzzzzz"}"#, #"{"id":7}"#,
    ])
    func refusesOtherDocuments(_ json: String) {
        #expect(throws: IdentityError.self) { try document(json) }
    }

    @Test(arguments: [
        "http://10.0.0.1/path", "https://pds.example.com/path", "https://u@pds.example.com", "ftp://x.com", "pds.example.com",
    ])
    func aPDSIsAnOrigin(_ endpoint: String) throws {
        let document = try document(
            ##"{"id":"\##(did)","service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"\##(endpoint)"}]}"##)
        #expect(document.pds == nil)
    }
}
