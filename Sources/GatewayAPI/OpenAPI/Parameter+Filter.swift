import APIContract
import GatewayDomain
import OpenAPI

/// A filter has the name of the member that it compares, with which `Query+Filter.swift` reads it.
extension Parameter {
    static func filter(
        _ member: Member<some Sendable>,
        _ about: String,
        _ schema: Schema
    ) -> Parameter {
        .filter(member.name, about, schema)
    }

    static func filter(
        _ member: Member<Timestamp>,
        _ bound: TimeBound,
        _ about: String,
        _ schema: Schema
    ) -> Parameter {
        .filter("\(member.name)][\(bound.rawValue)", about, schema)
    }
}
