import RoostTesting
import Testing
import Transport

@Suite struct ServerCertificateTests {
    private func failure(certificate: [UInt8], key: [UInt8]) -> CertificateError? {
        do throws(CertificateError) {
            _ = try ServerCertificate(certificate: certificate, key: key, certificateName: "/c.pem", keyName: "/k.pem")
            return nil
        } catch {
            return error
        }
    }

    @Test func whatIsWrongIsSaid() throws {
        let one = try TestIRCClientCertificate()
        let other = try TestIRCClientCertificate()
        let encrypted = Array("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n".utf8)
        #expect(failure(certificate: one.certificateBytes, key: one.keyBytes) == nil)
        #expect(failure(certificate: [], key: one.keyBytes) == .notACertificate(path: "/c.pem"))
        #expect(failure(certificate: one.keyBytes, key: one.keyBytes) == .notACertificate(path: "/c.pem"))
        #expect(failure(certificate: one.certificateBytes, key: one.certificateBytes) == .notAKey(path: "/k.pem"))
        #expect(failure(certificate: one.certificateBytes, key: encrypted) == .encryptedKey(path: "/k.pem"))
        #expect(failure(certificate: one.certificateBytes, key: other.keyBytes) == .mismatch(certificate: "/c.pem", key: "/k.pem"))
    }

    @Test func aFileThatCannotBeReadIsNamedWithItsKey() {
        do throws(CertificateError) {
            _ = try ServerCertificate(certificateFile: "/nowhere/cert.pem", keyFile: "/nowhere/key.pem")
            Issue.record("there is no such file")
        } catch {
            guard case .unreadable(.certificate, "/nowhere/cert.pem", _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(error.description.contains("cannot read /nowhere/cert.pem"))
        }
    }
}
