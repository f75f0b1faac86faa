package import Foundation
import TestSupport

/// The product's own binary, started as an operator would.
package enum Program {
    package static let binary =
        ProcessInfo.processInfo.environment["WGW_BINARY"].map { URL(filePath: $0) }
        ?? URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "wgw")

    /// The load generator, which a build puts beside the server.
    package static var generator: URL {
        get throws {
            let program = binary.deletingLastPathComponent().appending(path: "wgw-bench")
            guard FileManager.default.isExecutableFile(atPath: program.path) else {
                throw Command.Failure(
                    description: "\(program.path) is missing; build wgw and wgw-bench together"
                )
            }
            return program
        }
    }

    /// The environment of the test run must not reach the program.
    package static let bareCommand = ["env", "-i", "PATH=/usr/bin:/bin", binary.path]

    /// The environment of the test run must not reach the server, and neither do root's powers: it
    /// is shown to need none.
    package static let command = command(rights: "-all")

    /// The same with the one right that gateways need whose peers' packets leave through the machine.
    package static let egressCommand = command(rights: "-all,+net_admin")

    private static func command(rights: String) -> [String] {
        [
            "env", "-i", "PATH=/usr/bin:/bin", "setpriv", "--bounding-set=\(rights)",
            "--inh-caps=\(rights)", "--no-new-privs", binary.path,
        ]
    }

    package static let apiKey = "KEY-for-end-to-end-tests"

    /// What `serve` and `hub` print when they are ready.
    package static let readyWords = "wgw is ready"
}
