import EndToEndSupport
import Foundation
import Synchronization
import TestSupport

/// What every world of these tests stands on: hosts, and a folder for its files.
struct Stage {
    /// Tells the worlds of one test run apart.
    let label: String
    let folder: URL
    let topology: Topology

    private static let count = Atomic(0)

    /// Everything that was made is gone afterwards, whatever the body does.
    static func with(_ body: (Stage) async throws -> Void) async throws {
        if let lacking = Privileges.lacking { throw Command.Failure(description: lacking) }
        try Namespace.removeLeftovers()
        let label = "\(count.add(1, ordering: .relaxed).newValue)"
        try await TemporaryDirectory.with { folder in
            let topology = try Topology(label: label)
            defer { topology.remove() }
            try await body(Stage(label: label, folder: folder, topology: topology))
        }
    }
}
