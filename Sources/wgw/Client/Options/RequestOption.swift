/// What the command line calls the members of requests, for what the server has against them.
enum RequestOption {
    /// Those that are not called as the member is, with hyphens.
    private static let others = [
        "name": "the name", "persistent_keepalive": "--keepalive", "region_code": "--region",
        "network_id": "--network", "network_ids": "--network", "node_id": "--node",
        "wireguard_interface_id": "--gateway", "expires_in": "--expires",
        "expires_at": "--expires", "cidr": "the prefix", "next_hop": "--peer",
        "wireguard_peer_id": "--peer", "rx_rate": "--up", "tx_rate": "--down",
        "quota/reset_day": "--reset-day", "quota/throttle_rate": "the rate of --on-quota",
        "quota/action": "--on-quota", "url": "--to",
        "old_expires_in": "--old-expires",
    ]

    /// Of the parameters of queries those that are the same option wherever there is one.
    private static let parameters = [
        "from": "--from", "to": "--to", "group_by": "--by", "month": "--month",
        "filter[network_id]": "--network", "filter[wireguard_interface_id]": "--gateway",
        "filter[peer_id]": "--peer",
    ]

    /// - Parameter pointer: of a member, or of an element of a list in it, which a person counts from 1. A parameter
    ///   of a query has no option in general.
    static func name(of pointer: String) -> String? {
        guard pointer.hasPrefix("/") else { return parameters[pointer] }
        let parts = pointer.split(separator: "/")
        guard let member = parts.first.map(String.init) else { return nil }
        if let option = others[parts.joined(separator: "/")] { return option }
        let option = others[member] ?? "--\(member.replacing("_", with: "-"))"
        guard parts.count > 1, let index = Int(parts[1]) else { return option }
        return "value \(index + 1) of \(option)"
    }
}
