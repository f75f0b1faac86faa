package import GatewayDomain
import GatewayStore
import NetAddress

/// Makes a gateway with everything that its peers need to know. The data plane takes it up a moment
/// later.
package struct CreateGateway: Sendable {
    let store: Store
    let settings: InstallationSettings
    let masterKey: MasterKey
    let dataPlane: any DataPlaneControl
    let now: WallClock

    package func callAsFunction(
        _ request: NewGateway,
        by caller: Caller,
        settling settle: Settlement<Gateway> = .none
    ) async throws -> Gateway {
        try caller.require(.member)
        let id = GatewayID.random()
        let keys = KeyPair.random()
        let sealedKey = try masterKey.seal(keys.privateKey, for: .gatewayPrivateKey, of: id)
        // One transaction holds the whole invariant: subnet and port are free when they are taken.
        let gateway = try await store.write { db in
            let time = now()
            let plan = try GatewayPlan(request, settings: settings, by: caller, db)
            try Limit.check(settings.limits.gateways, of: "gateways") {
                try Gateways.count(of: caller.organizationID, db)
            }
            let subnet = try plan.subnet(at: time, db)
            guard let port = try Gateways.lowestFreePort(in: settings.portRange, db) else {
                throw ServiceError.noFreePort
            }
            let gateway = Gateway(
                id: id,
                organizationID: caller.organizationID,
                networkID: plan.network.id,
                region: plan.region,
                name: plan.name,
                enablesSIPTrunking: plan.enablesSIPTrunking,
                status: .provisioning,
                statusReason: nil,
                publicKey: keys.publicKey,
                endpoint: PublicEndpoint(host: settings.publicHost, port: port),
                subnet: subnet,
                mtu: plan.mtu,
                persistentKeepalive: plan.persistentKeepalive,
                createdAt: time,
                updatedAt: time
            )
            try Gateways.insert(gateway, sealedPrivateKey: sealedKey, db)
            try Journal(by: caller, at: time).created(gateway, in: gateway.networkID, db)
            try settle(gateway, db)
            return gateway
        }
        dataPlane.stateChanged()
        return gateway
    }
}
