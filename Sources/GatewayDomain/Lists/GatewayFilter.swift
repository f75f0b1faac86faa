/// Which gateways are asked for: those that meet all conditions. Nil leaves a condition out.
package struct GatewayFilter: Equatable, Sendable {
    package var networkID: NetworkID?
    package var name: String?
    package var nameContains: String?
    package var status: InterfaceStatus?

    package init() {}
}
