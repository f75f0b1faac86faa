/// The paths from one gateway to all others of its network.
package struct RoutePlan<Gateway: Hashable & Comparable & Sendable>: Sendable {
    /// As of the latest update, for the gateways to which a link leads.
    package private(set) var paths: [Gateway: GatewayPath<Gateway>] = [:]

    package init() {}

    /// Chooses anew from what is known now.
    ///
    /// - Parameters:
    ///   - own: the gateway's own links, by the gateway at the other end.
    ///   - distant: what is known of the link between two others; nil where nothing is.
    /// - Returns: the gateways to which the path is another one than before.
    @discardableResult
    package mutating func update(
        _ own: [Gateway: LinkHealth],
        distant: (Gateway, Gateway) -> DistantLink?
    ) -> Set<Gateway> {
        var changed: Set<Gateway> = []
        var next: [Gateway: GatewayPath<Gateway>] = [:]
        for gateway in own.keys {
            let path = path(to: gateway, own, distant)
            next[gateway] = path
            if paths[gateway] != path { changed.insert(gateway) }
        }
        changed.formUnion(paths.keys.filter { next[$0] == nil })
        paths = next
        return changed
    }

    private func path(
        to gateway: Gateway,
        _ own: [Gateway: LinkHealth],
        _ distant: (Gateway, Gateway) -> DistantLink?
    ) -> GatewayPath<Gateway> {
        guard let direct = own[gateway], direct.condition == .dead else { return .direct }
        if let detour = detour(to: gateway, own, distant) { return .around(via: detour) }
        // A link on trial is better than nothing.
        return direct.isAnswering ? .direct : .none
    }

    /// The fastest detour, unless the present one is hardly slower.
    private func detour(
        to gateway: Gateway,
        _ own: [Gateway: LinkHealth],
        _ distant: (Gateway, Gateway) -> DistantLink?
    ) -> Gateway? {
        let detours = own.compactMap { via, link -> Detour? in
            guard via != gateway, link.condition == .good else { return nil }
            let rest = distant(via, gateway)
            guard rest?.isUp != false else { return nil }
            return Detour(
                via: via,
                isCertain: rest != nil,
                roundTrip: (link.roundTrip ?? .zero) + (rest?.roundTrip ?? .zero)
            )
        }
        guard let best = detours.min() else { return nil }
        guard case .around(let present)? = paths[gateway],
            let kept = detours.first(where: { $0.via == present }),
            kept.isCertain == best.isCertain,
            kept.roundTrip - best.roundTrip < LinkTimes.worthwhile
        else { return best.via }
        return kept.via
    }

    private struct Detour: Comparable {
        let via: Gateway
        /// Whether the other gateway has told of its link.
        let isCertain: Bool
        let roundTrip: Duration

        static func < (left: Self, right: Self) -> Bool {
            if left.isCertain != right.isCertain { return left.isCertain }
            return (left.roundTrip, left.via) < (right.roundTrip, right.via)
        }
    }
}
