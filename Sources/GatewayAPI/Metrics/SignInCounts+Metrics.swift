import GatewayService
import HTTPEdge

extension SignInCounts {
    var families: [MetricFamily] {
        var signIns = MetricFamily(
            "wgw_sign_ins_total",
            .counter,
            "Sign-ins of browsers, by what was shown and how it ended."
        )
        for count in all {
            signIns.add(
                count.value,
                [
                    (name: "method", value: count.method.rawValue),
                    (name: "outcome", value: count.outcome.rawValue),
                ]
            )
        }
        return [signIns]
    }
}
