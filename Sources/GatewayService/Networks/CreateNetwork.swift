package import GatewayDomain
import GatewayStore
import NetAddress

extension Verb<Network> {
    /// Makes a network. It is ready at once.
    package static func createNetwork(_ request: NewNetwork) -> Verb {
        Verb(requiring: .unrestricted(.member)) { tx, caller in
            var reader = FieldReader()
            let name = reader.required(request.name)
            let block = reader.optional(request.addressBlock, judging: judge)
            let network = try reader.finish { fields in
                Network(
                    id: .random(),
                    organizationID: caller.organizationID,
                    name: try fields.value(name),
                    addressBlock: block ?? SubnetPlan.defaultBlock,
                    createdAt: tx.time,
                    updatedAt: tx.time
                )
            }
            try tx.checkLimit(tx.limits.networks, of: "networks") {
                try Networks.count(of: caller.organizationID, tx.db)
            }
            try Networks.insert(network, tx.db)
            try tx.journal.created(.network(network))
            return network
        }
    }
}

/// What is wrong with an address block.
private func judge(_ block: IPv4Prefix) -> FieldProblem.Reason? {
    let lengths = SubnetPlan.blockLengths
    guard lengths.contains(Int(block.length)) else {
        return .invalid("must be between /\(lengths.lowerBound) and /\(lengths.upperBound)")
    }
    guard SubnetPlan.isUsable(block) else {
        return .invalid("overlaps addresses that no host may use; take one like 10.0.0.0/16")
    }
    return nil
}
