package import GatewayDomain
import GatewayStore
import NetAddress

extension Verb<Network> {
    /// Makes a network. It is ready at once.
    package static func createNetwork(_ request: NewNetwork) -> Verb {
        Verb(requiring: .unrestricted(.member)) { tx, caller in
            var reader = FieldReader()
            let name = reader.name(reader.required(request.name, "/name"))
            let block = reader.addressBlock(request.addressBlock)
            try reader.finish()
            guard let name, let block else { throw ServiceError.invalid(reader.problems) }
            try tx.checkLimit(tx.limits.networks, of: "networks") {
                try Networks.count(of: caller.organizationID, tx.db)
            }
            let network = Network(
                id: .random(),
                organizationID: caller.organizationID,
                name: name,
                addressBlock: block,
                createdAt: tx.time,
                updatedAt: tx.time
            )
            try Networks.insert(network, tx.db)
            try tx.journal.created(.network(network))
            return network
        }
    }
}

extension FieldReader {
    fileprivate mutating func addressBlock(_ field: Field<String>) -> IPv4Prefix? {
        let pointer = "/address_block"
        switch field {
        case .absent, .null: return SubnetPlan.defaultBlock
        case .wrongType, .value: break
        }
        guard let block = prefix(field, pointer) else { return nil }
        let lengths = SubnetPlan.blockLengths
        guard lengths.contains(Int(block.length)) else {
            report(
                pointer,
                .invalid("must be between /\(lengths.lowerBound) and /\(lengths.upperBound)")
            )
            return nil
        }
        guard SubnetPlan.isUsable(block) else {
            report(
                pointer,
                .invalid("overlaps addresses that no host may use; take one like 10.0.0.0/16")
            )
            return nil
        }
        return block
    }
}
