import Foundation
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// From a host to the addresses that may be connected to: all of them must be allowed, or none is.
struct AddressLookup: Sendable {
    let policy: NetworkPolicy
    let dns: DNSClient

    func addresses(of url: CheckedURL) async throws(FetchError) -> [String] {
        let found: [String]
        if let literal = url.literal {
            found = [literal]
        } else if policy.dnsServer != nil {
            do { found = try await dns.addresses(of: url.origin.host) } catch { throw .dns(reason: error.description) }
        } else {
            found = await systemAddresses(of: url.origin.host)
        }
        guard !found.isEmpty else { throw .dns(reason: "no address is known for \(url.origin.host)") }
        // One bad address among good ones is how a rebinding attack looks.
        for address in found where !AddressPolicy.isPublic(address) && !policy.ownOrigins.contains(url.origin) {
            guard policy.allowLoopback, AddressPolicy.isLoopback(address) else {
                throw .refused(reason: "\(url.origin.host) leads to \(address), which is not on the internet")
            }
        }
        return found
    }

    private func systemAddresses(of host: String) async -> [String] {
        let found = try? await NIOThreadPool.singleton.runIfActive { () -> [String] in
            var hints = addrinfo()
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            hints.ai_flags = AI_ADDRCONFIG
            var list: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
            defer { freeaddrinfo(list) }
            return sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { entry in
                guard let entry else { return nil }
                var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
                let status = getnameinfo(
                    entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
                return status == 0 ? String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
            }
        }
        return found ?? []
    }
}
