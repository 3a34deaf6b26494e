// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

extension Target.Dependency {
    static let nioCore = product(name: "NIOCore", package: "swift-nio")
    static let nioPosix = product(name: "NIOPosix", package: "swift-nio")
    static let nioHTTP1 = product(name: "NIOHTTP1", package: "swift-nio")
    static let nioWebSocket = product(name: "NIOWebSocket", package: "swift-nio")
    static let nioEmbedded = product(name: "NIOEmbedded", package: "swift-nio")
    static let nioTLS = product(name: "NIOTLS", package: "swift-nio")
    static let nioSSL = product(name: "NIOSSL", package: "swift-nio-ssl")
    static let httpClient = product(name: "AsyncHTTPClient", package: "async-http-client")
    static let crypto = product(name: "Crypto", package: "swift-crypto")
    static let x509 = product(name: "X509", package: "swift-certificates")
    static let asn1 = product(name: "SwiftASN1", package: "swift-asn1")
    static let grdb = product(name: "GRDB", package: "GRDB.swift")
    static let argumentParser = product(name: "ArgumentParser", package: "swift-argument-parser")
    static let logging = product(name: "Logging", package: "swift-log")
    static let lifecycle = product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let unixSignals = product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let tomlKit = product(name: "TOMLKit", package: "TOMLKit")
    static let collections = product(name: "Collections", package: "swift-collections")
}

/// A module of the daemon; the list runs from the bottom up, and a module imports only what stands above it.
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "roost",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "roost", targets: ["roost"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "WebClient", exclude: ["site"]),
        module("MainLoop", [.nioCore, .nioPosix]),
        module("IRCProtocol", [.nioCore]),
        module("ATProto", ["MainLoop", "COpenSSL", .nioCore, .nioPosix, .nioSSL, .httpClient, .crypto, .logging, .collections]),
        module("Store", ["MainLoop", .grdb, .crypto, .logging, .collections]),
        module("Accounts", ["MainLoop", "ATProto", "Store", "CArgon2", "COpenSSL", .crypto, .nioPosix, .logging, .collections]),
        module("Push", ["MainLoop", "ATProto", "Store", .crypto, .logging, .collections]),
        module("ACME", ["ATProto", .crypto, .x509, .asn1]),
        module("Broker", ["MainLoop", "ATProto", "Store", "Accounts", .crypto, .logging, .collections]),
        module(
            "Server",
            ["MainLoop", "IRCProtocol", "ATProto", "Store", "Accounts", "Push", .nioCore, .crypto, .logging, .collections]),
        module("Transport", ["MainLoop", "Server", .nioCore, .nioPosix, .nioSSL, .nioTLS, .x509, .asn1, .crypto, .logging]),
        module(
            "Sidecar",
            [
                "MainLoop", "ATProto", "Store", "Accounts", "Broker", "Server", "Transport", "WebClient", "CZlib", .nioCore,
                .nioHTTP1,
                .nioWebSocket, .crypto, .logging,
            ]),
        module("Admin", ["MainLoop", "Transport", .nioCore, .nioPosix, .logging]),
        module("Settings", ["IRCProtocol", .tomlKit]),
        module(
            "Daemon",
            [
                "MainLoop", "IRCProtocol", "ATProto", "ACME", "Store", "Accounts", "Push", "Broker", "Server", "Transport", "Sidecar",
                "Admin", "Settings", .x509,
                .asn1, .crypto, .nioSSL, .lifecycle, .unixSignals, .logging,
            ]),
        .executableTarget(
            name: "roost", dependencies: ["Daemon", "Admin", "Server", "Settings", "Accounts", .argumentParser, .logging],
            swiftSettings: settings),
        .target(
            name: "RoostTesting",
            dependencies: [
                "MainLoop", "IRCProtocol", .nioCore, .nioPosix, .nioHTTP1, .nioSSL, .nioTLS, .nioWebSocket, .nioEmbedded, .crypto, .x509,
                .asn1,
                .logging,
            ], path: "Tests/RoostTesting", swiftSettings: settings),
        tests("IRCProtocolTests", ["IRCProtocol"]),
        tests("MainLoopTests", ["MainLoop", "RoostTesting", .nioCore]),
        tests("ATProtoTests", ["ATProto", "COpenSSL", .logging, "MainLoop", "RoostTesting", .crypto, .nioCore, .nioPosix, .httpClient]),
        tests("StoreTests", ["Store", "MainLoop", "RoostTesting", .grdb, .crypto, .logging]),
        tests("AccountsTests", ["Accounts", .logging, "ATProto", "Store", "MainLoop", "RoostTesting", .crypto]),
        tests("PushTests", ["Push", "ATProto", "Store", "MainLoop", "RoostTesting", .crypto, .logging]),
        tests("ACMETests", ["ACME", "ATProto", "RoostTesting", .crypto, .x509, .asn1]),
        tests("BrokerTests", ["Broker", "ATProto", "Store", "Accounts", "MainLoop", "RoostTesting", .grdb, .crypto, .logging]),
        tests(
            "ServerTests",
            ["Server", "IRCProtocol", "ATProto", "Store", "Accounts", "Push", "MainLoop", "RoostTesting", .nioCore, .logging, .grdb]),
        tests(
            "TransportTests",
            ["Transport", "Server", "MainLoop", "RoostTesting", .nioCore, .nioEmbedded, .nioSSL, .logging]),
        tests(
            "SidecarTests",
            [
                "Sidecar", "Transport", "Server", "Broker", "Accounts", "Store", "ATProto", "MainLoop", "RoostTesting", .nioCore, .nioHTTP1,
                .nioEmbedded,
                .nioWebSocket, .logging,
            ]),
        tests("AdminTests", ["Admin", "MainLoop", "RoostTesting", .nioCore, .nioPosix, .logging]),
        tests("SettingsTests", ["Settings", "RoostTesting"]),
        tests(
            "DaemonTests",
            [
                "Daemon", "ACME", "Admin", "Broker", "Push", "Server", "Settings", "Store", "Accounts", "ATProto", "Sidecar", "Transport",
                "MainLoop",
                "RoostTesting",
                "roost", .nioCore, .nioPosix, .x509, .asn1, .crypto, .grdb, .logging,
            ]),
        tests(
            "EndToEndTests",
            [
                "Daemon", "Settings", "Store", "Accounts", "ATProto", "MainLoop", "IRCProtocol", "RoostTesting", "roost", .httpClient,
                .nioCore, .nioPosix, .nioHTTP1, .nioWebSocket, .nioSSL, .crypto, .grdb, .logging,
            ]),
    ],
    swiftLanguageModes: [.v6]
)
