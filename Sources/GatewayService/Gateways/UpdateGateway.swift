package import GatewayDomain
import GatewayStore

extension Verb<Gateway> {
    /// Changes what a gateway can change without its peers noticing: sessions go on. A request that
    /// leaves the gateway as it is writes nothing.
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
            var reader = FieldReader()
            let name = reader.optional(change.name)
            let mtu = reader.optional(change.mtu)
            let keepalive = reader.optional(change.persistentKeepalive)
            try reader.finish()
            var gateway = old
            gateway.name = change.name.replacing(old.name, by: name)
            gateway.mtu = change.mtu.replacing(old.mtu, by: mtu) ?? tx.settings.defaultMTU
            gateway.persistentKeepalive = change.persistentKeepalive.replacing(
                old.persistentKeepalive,
                by: keepalive
            )
            guard gateway != old else { return old }
            gateway.updatedAt = tx.time
            try Gateways.update(gateway, tx.db)
            try tx.journal.updated(.gateway(old), to: .gateway(gateway))
            return gateway
        }
    }
}
