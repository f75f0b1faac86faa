package import GatewayDomain
import GatewayStore
import NetAddress

extension Verb<Gateway> {
    /// Makes a gateway with everything that its peers need to know. The data plane takes it up a moment
    /// later. An admin may give it the key, the port and the address of the server whose place it takes,
    /// so that the peers of that server stay connected.
    package static func createGateway(_ request: NewGateway) -> Verb {
        // The transaction holds the whole invariant: subnet and port are free when they are taken.
        Verb(requiring: .role(.member)) { tx, caller in
            if request.takesAdmin { try caller.require(.role(.admin)) }
            let plan = try GatewayPlan(request, by: caller, tx)
            try tx.checkLimit(tx.limits.gateways, of: "gateways") {
                try Gateways.count(of: caller.organizationID, tx.db)
            }
            let subnet = try plan.subnet(tx)
            let port = try plan.port(tx)
            let keys = plan.privateKey.map { KeyPair(of: $0) } ?? .random()
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
                givenAddress: plan.givenAddress,
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

extension NewGateway {
    /// The port and the key belong to the whole server, so that a member could take them from others.
    fileprivate var takesAdmin: Bool {
        !(privateKey.isUnsaid && listenPort.isUnsaid && serverAddress.isUnsaid)
    }
}
