package import GatewayDomain
import GatewayStore
import NetAddress

extension Verb<Gateway> {
    /// Makes a gateway with everything that its peers need to know. The data plane takes it up a moment
    /// later.
    package static func createGateway(_ request: NewGateway) -> Verb {
        // The transaction holds the whole invariant: subnet and port are free when they are taken.
        Verb(requiring: .role(.member)) { tx, caller in
            let plan = try GatewayPlan(request, by: caller, tx)
            try tx.checkLimit(tx.limits.gateways, of: "gateways") {
                try Gateways.count(of: caller.organizationID, tx.db)
            }
            let subnet = try plan.subnet(tx)
            guard let port = try Gateways.lowestFreePort(in: tx.settings.portRange, tx.db) else {
                throw ServiceError.noFreePort
            }
            let keys = KeyPair.random()
            let gateway = Gateway(
                id: .random(),
                organizationID: caller.organizationID,
                networkID: plan.network.id,
                region: plan.region,
                name: plan.name,
                enablesSIPTrunking: plan.enablesSIPTrunking,
                status: .provisioning,
                statusReason: nil,
                publicKey: keys.publicKey,
                endpoint: PublicEndpoint(host: tx.settings.publicHost, port: port),
                subnet: subnet,
                mtu: plan.mtu,
                persistentKeepalive: plan.persistentKeepalive,
                createdAt: tx.time,
                updatedAt: tx.time
            )
            let sealedKey = try tx.masterKey.seal(
                keys.privateKey,
                for: .gatewayPrivateKey,
                of: gateway.id
            )
            try Gateways.insert(gateway, sealedPrivateKey: sealedKey, tx.db)
            try tx.journal.created(.gateway(gateway))
            return gateway
        }
    }
}
