import CommandLineProgram
import GatewayDomain

extension RunningServer.Program {
    static let current = RunningServer.Program(
        version: ProgramVersion.current.number,
        commit: ProgramVersion.current.commit,
        libraries: linked
    )

    /// The packages that `Package.resolved` names, but for those that only programs of other systems contain.
    /// `LibraryListTests` compares the two. The texts of the licences are in the Debian package, which
    /// `scripts/package` takes from the same sources.
    private static let linked = [
        library("async-http-client", "1.37.0", "Apache-2.0", "swift-server"),
        library("GRDB.swift", "7.10.0", "MIT", "groue"),
        library("hummingbird", "2.28.1", "Apache-2.0", "hummingbird-project"),
        library("swift-algorithms", "1.2.1", "Apache-2.0", "apple"),
        library("swift-argument-parser", "1.8.2", "Apache-2.0", "apple"),
        library("swift-asn1", "1.7.4", "Apache-2.0", "apple"),
        library("swift-async-algorithms", "1.1.4", "Apache-2.0", "apple"),
        library("swift-atomics", "1.3.0", "Apache-2.0", "apple"),
        library("swift-certificates", "1.21.1", "Apache-2.0", "apple"),
        library("swift-collections", "1.6.0", "Apache-2.0", "apple"),
        library("swift-configuration", "1.4.0", "Apache-2.0", "apple"),
        library("swift-crypto", "4.5.2", "Apache-2.0", "apple"),
        library("swift-distributed-tracing", "1.7.3", "Apache-2.0", "apple"),
        library("swift-http-structured-headers", "1.7.0", "Apache-2.0", "apple"),
        library("swift-http-types", "1.8.0", "Apache-2.0", "apple"),
        library("swift-log", "1.16.2", "Apache-2.0", "apple"),
        library("swift-metrics", "2.13.0", "Apache-2.0", "apple"),
        library("swift-mustache", "2.1.1", "Apache-2.0", "hummingbird-project"),
        library("swift-nio", "2.101.2", "Apache-2.0", "apple"),
        library("swift-nio-extras", "1.35.2", "Apache-2.0", "apple"),
        library("swift-nio-http2", "1.46.0", "Apache-2.0", "apple"),
        library("swift-nio-ssl", "2.37.6", "Apache-2.0", "apple"),
        library("swift-numerics", "1.1.1", "Apache-2.0", "apple"),
        library("swift-service-context", "1.5.1", "Apache-2.0", "apple"),
        library("swift-service-lifecycle", "2.13.0", "Apache-2.0", "swift-server"),
        library("swift-system", "1.8.1", "Apache-2.0", "apple"),
        library("Yams", "6.2.2", "MIT", "jpsim"),
    ]

    private static func library(
        _ name: String,
        _ version: String,
        _ license: String,
        _ owner: String
    ) -> RunningServer.Library {
        RunningServer.Library(
            name: name,
            version: version,
            license: license,
            url: "https://github.com/\(owner)/\(name)"
        )
    }
}
