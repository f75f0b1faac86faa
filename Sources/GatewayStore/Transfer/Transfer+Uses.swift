package import GatewayDomain

extension Transfer {
    package struct Moved: Sendable {
        package let counts: [Count]
        /// The node inside of the server; nil where there is none.
        package let embeddedNode: GatewayNode?

        /// Of gateways that other nodes carry.
        package var gatewaysElsewhere: Int {
            let all = counts.first { $0.table == "gateway" }?.rows ?? 0
            return all - (embeddedNode?.activity.gatewaysCount ?? 0)
        }
    }

    /// Makes the database of a backup, as of one moment, whether servers run meanwhile or not.
    ///
    /// - Parameter path: of an empty file.
    package static func copy(
        ofPostgreSQL url: String,
        to path: String,
        _ progress: @escaping Progress = { _, _ in }
    ) throws {
        _ = try TransferSource.snapshot(url: url).read { from in
            try TransferTarget.file(path).fill { to in
                try run(from: from, to: to, .lasting, progress)
            }
        }
    }

    /// Moves an installation: it goes on in the target, and the source stays as it was.
    ///
    /// A follower that has seen what the source tells later, should a server be started there again, learns from the
    /// target that its revision is gone.
    package static func move(
        from source: TransferSource,
        to target: TransferTarget,
        _ progress: @escaping Progress = { _, _ in }
    ) throws -> Moved {
        try source.read { from in
            try target.fill { to in
                let counts = try run(from: from, to: to, .everything, progress)
                try Timeline.begin(to)
                return Moved(counts: counts, embeddedNode: try Nodes.embedded(to))
            }
        }
    }
}
