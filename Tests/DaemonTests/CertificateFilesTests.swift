import Crypto
import Daemon
import Foundation
import RoostTesting
import Settings
import SwiftASN1
import Testing
import Transport
import X509

@Suite struct CertificateFilesTests {
    private let now: Int64 = 1_800_000_000_000

    private func settings(name: String = "irc.example.com") -> Settings {
        var settings = Settings()
        settings.server.name = name
        return settings
    }

    @Test func makesOneAndKeepsIt() async throws {
        try await withTestDirectory { folder in
            let data = try DataDirectory.prepare(folder.path)
            let first = try CertificateFiles.choose(settings(), in: data, now: now)
            #expect(first.map(\.isOwn) == [true])
            let fingerprint = try first.load().first.fingerprint
            #expect(fingerprint.count == 64)
            for path in [data.certificate, data.certificateKey] {
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(path)")
            }
            let second = try CertificateFiles.choose(settings(name: "other.example.com"), in: data, now: now + 1)
            #expect(try second.load().first.fingerprint == fingerprint)
        }
    }

    @Test func theCertificateSaysWhatItShould() async throws {
        try await withTestDirectory { folder in
            let data = try DataDirectory.prepare(folder.path)
            _ = try CertificateFiles.choose(settings(), in: data, now: now)
            let certificate = try Certificate(pemEncoded: String(contentsOfFile: data.certificate, encoding: .utf8))
            let names = try #require(try certificate.extensions.subjectAlternativeNames)
            #expect(names.contains(.dnsName("irc.example.com")) && names.contains(.dnsName("localhost")))
            #expect(certificate.notValidAfter.timeIntervalSince(certificate.notValidBefore) == 10 * 365 * 86_400)
            #expect(certificate.notValidBefore.timeIntervalSince1970 <= TimeInterval(now / 1000))
            #expect(P256.Signing.PublicKey(certificate.publicKey) != nil)
            #expect(certificate.publicKey.isValidSignature(certificate.signature, for: certificate))
        }
    }

    @Test func aHalfMadePairIsMadeAgain() async throws {
        try await withTestDirectory { folder in
            let data = try DataDirectory.prepare(folder.path)
            let first = try CertificateFiles.choose(settings(), in: data, now: now).load()
            try FileManager.default.removeItem(atPath: data.certificate)
            let second = try CertificateFiles.choose(settings(), in: data, now: now).load()
            #expect(second.fingerprints != first.fingerprints)
        }
    }

    @Test func namedFilesAreUsed() async throws {
        try await withTestDirectory { folder in
            let made = try DataDirectory.prepare(folder.path + "/made")
            let own = try CertificateFiles.choose(settings(), in: made, now: now).load()
            var named = settings()
            named.tls.certificate = made.certificate
            named.tls.key = made.certificateKey
            let empty = try DataDirectory.prepare(folder.path + "/empty")
            let files = try CertificateFiles.choose(named, in: empty, now: now)
            #expect(files.map(\.isOwn) == [false])
            #expect(try files.load().fingerprints == own.fingerprints)
            #expect(!FileManager.default.fileExists(atPath: empty.certificate))
            #expect(Inspection.problems(of: named).isEmpty)
        }
    }

    @Test func whatIsWrongWithNamedFilesIsSaid() async throws {
        try await withTestDirectory { folder in
            let one = try DataDirectory.prepare(folder.path + "/one")
            let other = try DataDirectory.prepare(folder.path + "/other")
            _ = try CertificateFiles.choose(settings(), in: one, now: now)
            _ = try CertificateFiles.choose(settings(), in: other, now: now)

            func problems(_ certificate: String, _ key: String) -> [String] {
                var named = settings()
                named.tls.certificate = certificate
                named.tls.key = key
                return Inspection.problems(of: named).map(\.description)
            }
            #expect(problems("/nowhere.pem", one.certificateKey).first?.contains("/nowhere.pem") == true)
            #expect(problems(one.certificate, "/nowhere.pem").first?.hasPrefix("tls.key: ") == true)
            #expect(problems(one.certificateKey, one.certificateKey).first?.hasPrefix("tls.certificate: \(one.certificateKey)") == true)
            #expect(problems(one.certificate, one.certificate).first?.hasPrefix("tls.key: \(one.certificate)") == true)
            #expect(problems(one.certificate, other.certificateKey).first?.hasPrefix("tls.key: ") == true)
            #expect(problems(one.certificate, one.certificateKey).isEmpty)
        }
    }
}
