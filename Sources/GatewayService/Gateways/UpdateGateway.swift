package import GatewayDomain
import GatewayStore

extension Verb<Gateway> {
    /// Changes what a gateway can change without its peers noticing: sessions go on. An admin may give it to another
    /// node (`MoveGateway.swift`). A request that leaves the gateway as it is writes nothing.
    package static func updateGateway(
        _ id: GatewayID,
        _ change: GatewayChange,
        if precondition: Precondition = .none
    ) -> Verb {
        Verb(requiring: .role(.member)) { tx, caller in
            guard let old = try Gateways.find(id, in: caller.scope, tx.db) else {
                throw ServiceError.notFound
            }
            try precondition.check(old.updatedAt)
            if !change.nodeID.isUnsaid { try caller.require(.unrestricted(.admin)) }
            var reader = FieldReader()
            let name = reader.optional(change.name)
            let mtu = reader.optional(change.mtu)
            let keepalive = reader.optional(change.persistentKeepalive)
            let enablesSIPTrunking = reader.optional(change.enablesSIPTrunking)
            let services = try reader.serviceNames(change.serviceNames, by: caller, tx)
            let node = try reader.node(change.nodeID, for: old, tx.db)
            try reader.finish()
            var gateway = old
            gateway.name = change.name.replacing(old.name, by: name)
            gateway.mtu = change.mtu.replacing(old.mtu, by: mtu) ?? tx.settings.defaultMTU
            gateway.persistentKeepalive = change.persistentKeepalive.replacing(
                old.persistentKeepalive,
                by: keepalive
            )
            gateway.enablesSIPTrunking =
                change.enablesSIPTrunking.replacing(
                    old.enablesSIPTrunking,
                    by: enablesSIPTrunking
                ) ?? false
            gateway.serviceNames = change.serviceNames.replacing(old.serviceNames, by: services)
            guard gateway != old || node != nil else { return old }
            let all = try PrivateServices.all(tx.db)
            if gateway.services(among: all) != old.services(among: all) {
                if try gateway.egressRange == nil && tx.hasEgress(gateway, among: all) {
                    let field =
                        change.serviceNames.isUnsaid
                        ? change.enablesSIPTrunking.pointer : change.serviceNames.pointer
                    try tx.checkEgressShare(of: [gateway], for: field)
                }
                gateway.awaitWaysOut()
            }
            gateway.updatedAt = tx.time
            try Gateways.update(gateway, tx.db)
            if let node { try tx.move(&gateway, to: node) }
            try tx.journal.updated(.gateway(old), to: .gateway(gateway))
            return gateway
        }
    }
}
