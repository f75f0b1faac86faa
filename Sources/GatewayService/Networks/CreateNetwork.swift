package import GatewayDomain
import GatewayStore
import NetAddress

/// Makes a network. It is ready at once.
package struct CreateNetwork: Sendable {
    let store: Store
    let limits: OrganizationLimits
    let now: WallClock

    package func callAsFunction(
        _ request: NewNetwork,
        by caller: Caller,
        settling settle: Settlement<Network> = .none
    ) async throws -> Network {
        try caller.requireUnrestricted(.member)
        var reader = FieldReader()
        let name = reader.name(reader.required(request.name, "/name"))
        let block = addressBlock(request, &reader)
        try reader.finish()
        guard let name, let block else { throw ServiceError.invalid(reader.problems) }
        return try await store.write { db in
            let time = now()
            let network = Network(
                id: .random(),
                organizationID: caller.organizationID,
                name: name,
                addressBlock: block,
                createdAt: time,
                updatedAt: time
            )
            try Limit.check(limits.networks, of: "networks") {
                try Networks.count(of: caller.organizationID, db)
            }
            try Networks.insert(network, db)
            try Journal(by: caller, at: time).created(network, in: network.id, db)
            try settle(network, db)
            return network
        }
    }

    private func addressBlock(
        _ request: NewNetwork,
        _ reader: inout FieldReader
    ) -> IPv4Prefix? {
        let pointer = "/address_block"
        switch request.addressBlock {
        case .absent, .null: return SubnetPlan.defaultBlock
        case .wrongType, .value: break
        }
        guard let block = reader.prefix(request.addressBlock, pointer) else { return nil }
        let lengths = SubnetPlan.blockLengths
        guard lengths.contains(Int(block.length)) else {
            reader.report(
                pointer,
                .invalid("must be between /\(lengths.lowerBound) and /\(lengths.upperBound)")
            )
            return nil
        }
        guard SubnetPlan.isUsable(block) else {
            reader.report(
                pointer,
                .invalid("overlaps addresses that no host may use; take one like 10.0.0.0/16")
            )
            return nil
        }
        return block
    }
}
