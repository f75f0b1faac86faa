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
            let limited = LimitedPeers(
                try LimitedPeers.evidence(
                    of: observations.peers(
                        meeting: DropCause.limitsMet,
                        since: now.advanced(bySeconds: -PeerEvidence.memorySeconds)
                    ),
                    in: caller.scope,
                    at: now,
                    db,
                    evidence
                )
            )
            let evidence = OverviewEvidence(
                checkedAt: now,
                startedAt: observations.since,
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
                    except: limited.refused.map(\.id),
                    limit: OverviewEvidence.mostNamed + 1,
                    db
                ),
                limited: limited,
                outdated: try Overviews.namesOfOutdatedPeers(
                    in: caller.scope,
                    limit: OverviewEvidence.mostNamed + 1,
                    db
                ),
                usedUp: try LimitSettings.keepingBack(
                    in: caller.scope,
                    at: now,
                    limit: OverviewEvidence.mostNamed,
                    db
                ),
                webhooks: try TroubledWebhook.all(
                    seenBy: caller,
                    from: webhookDesk.place,
                    at: now,
                    db
                ),
                nodes: try nodes(seenBy: caller, db),
                isAdmin: caller.seesNodes,
                links: try BackboneLinks.troubled(
                    in: caller.scope,
                    limit: OverviewEvidence.mostNamed,
                    db
                ).compactMap { try LinkEvidence($0, in: caller.scope, db) },
                overlaps: try ServiceOverlap.all(
                    in: caller.scope,
                    limit: OverviewEvidence.mostNamed,
                    db
                ),
                gaps: try ServiceGaps.all(
                    in: caller.scope,
                    by: settings.serviceRules,
                    limit: OverviewEvidence.mostNamed,
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

    private func nodes(
        seenBy caller: Caller,
        _ db: any SQLConnection
    ) throws -> [(node: GatewayNode, gateways: Int)] {
        let counts = try Overviews.gatewaysOfNodes(in: caller.scope, db)
        return try Nodes.all(db).filter { caller.seesNodes || counts[$0.id] != nil }
            .map { (addingActivity($0).withRecentSessions(at: now()), counts[$0.id] ?? 0) }
    }
}

extension GatewayNode {
    /// What was turned away longer than a day ago, its operator has heard of.
    fileprivate func withRecentSessions(at now: Timestamp) -> GatewayNode {
        var node = self
        if let time = secondSessionAt, time.advanced(bySeconds: 24 * 60 * 60) < now {
            node.secondSessionAt = nil
        }
        return node
    }
}
