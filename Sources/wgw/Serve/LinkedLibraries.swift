import CommandLineProgram
import GatewayDomain

extension RunningServer.Program {
    static let current = RunningServer.Program(
        version: ProgramVersion.current.number,
        commit: ProgramVersion.current.commit,
        libraries: linked
    )

    /// All packages that SwiftPM resolves, but for those that only programs of other systems contain. Their
    /// versions are not named, as those of a build are settled when it is made. The texts of the licences are in
    /// the Debian package, which `scripts/package` takes from the same sources.
    private static let linked = [
        library("async-http-client", "Apache-2.0", "swift-server"),
        library("GRDB.swift", "MIT", "groue"),
        library("hummingbird", "Apache-2.0", "hummingbird-project"),
        library("swift-algorithms", "Apache-2.0", "apple"),
        library("swift-argument-parser", "Apache-2.0", "apple"),
        library("swift-asn1", "Apache-2.0", "apple"),
        library("swift-async-algorithms", "Apache-2.0", "apple"),
        library("swift-atomics", "Apache-2.0", "apple"),
        library("swift-certificates", "Apache-2.0", "apple"),
        library("swift-collections", "Apache-2.0", "apple"),
        library("swift-configuration", "Apache-2.0", "apple"),
        library("swift-crypto", "Apache-2.0", "apple"),
        library("swift-distributed-tracing", "Apache-2.0", "apple"),
        library("swift-http-structured-headers", "Apache-2.0", "apple"),
        library("swift-http-types", "Apache-2.0", "apple"),
        library("swift-log", "Apache-2.0", "apple"),
        library("swift-metrics", "Apache-2.0", "apple"),
        library("swift-mustache", "Apache-2.0", "hummingbird-project"),
        library("swift-nio", "Apache-2.0", "apple"),
        library("swift-nio-extras", "Apache-2.0", "apple"),
        library("swift-nio-http2", "Apache-2.0", "apple"),
        library("swift-nio-ssl", "Apache-2.0", "apple"),
        library("swift-numerics", "Apache-2.0", "apple"),
        library("swift-service-context", "Apache-2.0", "apple"),
        library("swift-service-lifecycle", "Apache-2.0", "swift-server"),
        library("swift-system", "Apache-2.0", "apple"),
        library("Yams", "MIT", "jpsim"),
    ]

    private static func library(
        _ name: String,
        _ license: String,
        _ owner: String
    ) -> RunningServer.Library {
        RunningServer.Library(
            name: name,
            license: license,
            url: "https://github.com/\(owner)/\(name)"
        )
    }
}
