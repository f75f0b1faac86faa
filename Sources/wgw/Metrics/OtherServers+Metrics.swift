import GatewayService
import HTTPEdge

extension ControlPlane {
    /// Nothing where there are no other servers.
    var familiesOfOthers: [MetricFamily] {
        guard let age = ageOfKnowledge else { return [] }
        var family = MetricFamily(
            "wgw_other_servers_age_seconds",
            .gauge,
            "Since when changes of other servers on the database have not been read; about a second at most in a server that does well."
        )
        family.add(age / .seconds(1))
        return [family]
    }
}
