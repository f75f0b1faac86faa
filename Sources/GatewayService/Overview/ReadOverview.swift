package import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// How all that the caller may see does.
    package func overview(by caller: Caller) async throws -> Overview {
        let now = now()
        let trouble = store.trouble
        return try await store.readAside { db in
            let remarkable = try Gateways.remarkable(
                in: caller.scope,
                limit: OverviewEvidence.mostNamed,
                db
            )
            let evidence = OverviewEvidence(
                trouble: trouble,
                gateways: try Overviews.gateways(in: caller.scope, db),
                remarkable: remarkable,
                observed: Dictionary(
                    uniqueKeysWithValues: remarkable.map { ($0.id, observations[$0.id]) }
                ),
                peers: try Overviews.peers(
                    in: caller.scope,
                    at: now,
                    db
                ),
                unheard: try Overviews.namesOfUnheardPeers(
                    in: caller.scope,
                    limit: OverviewEvidence.mostNamed + 1,
                    db
                ),
                outdated: try Overviews.namesOfOutdatedPeers(
                    in: caller.scope,
                    limit: OverviewEvidence.mostNamed + 1,
                    db
                )
            )
            return Overview(
                checkedAt: now,
                gateways: evidence.gateways,
                peers: evidence.peers,
                remarks: evidence.remarks
            )
        }
    }
}
