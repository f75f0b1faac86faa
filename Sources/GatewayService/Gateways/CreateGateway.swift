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
            let (node, port) = try plan.place(tx)
            let keys = plan.privateKey.map { KeyPair(of: $0) } ?? .random()
            let gateway = Gateway(
                id: .random(),
                organizationID: caller.organizationID,
                networkID: plan.network.id,
                region: plan.region,
                nodeID: node.id,
                name: plan.name,
                enablesSIPTrunking: plan.enablesSIPTrunking,
                serviceNames: plan.serviceNames,
                status: .provisioning,
                statusReason: nil,
                publicKey: keys.publicKey,
                endpoint: PublicEndpoint(host: node.host, port: port),
                subnet: subnet,
                givenAddress: plan.givenAddress,
                mtu: plan.mtu,
                persistentKeepalive: plan.persistentKeepalive,
                createdAt: tx.time,
                updatedAt: tx.time
            )
            if try tx.hasEgress(gateway, among: PrivateServices.all(tx.db)) {
                try tx.checkEgressShare(of: [gateway], for: request.pointerOfEgress)
            }
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
    /// The member by which the gateway gets its way out.
    fileprivate var pointerOfEgress: String {
        if case .value = serviceNames.content { return serviceNames.pointer }
        if case .value(true) = enablesSIPTrunking.content { return enablesSIPTrunking.pointer }
        // There is an internet gateway.
        return regionCode.pointer
    }

    /// The node, its ports and the key belong to the whole server, so that a member could take them from others.
    fileprivate var takesAdmin: Bool {
        !(privateKey.isUnsaid && listenPort.isUnsaid && serverAddress.isUnsaid && nodeID.isUnsaid)
    }
}
