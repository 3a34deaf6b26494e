import Server
import Settings
import Transport

extension TrustedProxies {
    init(_ listen: Settings.Listen) {
        self.init(listen.proxies.compactMap { AddressRange($0) }, requiresHeader: listen.proxyHeader == .required)
    }
}
