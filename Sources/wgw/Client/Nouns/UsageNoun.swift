import APIContract
import GatewayClient
import GatewayDomain

/// Sums of usage, of which a table shows what they are told apart by.
enum UsageNoun: Noun {
    typealias Object = UsageRow

    static let word = "usage"
    static let plural = "what was used"
    static let resource = Resource.usage
    static let hasTable = true

    static func id(of sum: Answer) -> String {
        let ids = [
            sum.peerID?.description, sum.gatewayID?.description, sum.networkID?.description,
            sum.organizationID?.description,
        ]
        return ids.compactMap(\.self).first ?? "\(sum.since)"
    }
    static func name(of sum: Answer) -> String? { sum.peerName ?? sum.gatewayName }

    static let columns: [Column<Answer>] = [
        Column("since") { .text("\($0.since)".prefix(13)) },
        Column("organization") { .text($0.organizationID) },
        Column("network") { .text($0.networkID) },
        Column("gateway") { .text($0.gatewayName ?? $0.gatewayID?.description) },
        Column("peer") { .text($0.peerName ?? $0.peerID?.description) },
        Column("kind") { .text($0.kind) },
        Column("received") { .bytes($0.rxBytes) },
        Column("sent") { .bytes($0.txBytes) },
        Column("packets-received", short: "p-received", wide: true) {
            .number(Int(clamping: $0.rxPackets))
        },
        Column("packets-sent", short: "p-sent", wide: true) {
            .number(Int(clamping: $0.txPackets))
        },
        Column("until", wide: true) { .time($0.until) },
        Column("gateway-id", wide: true) { .text($0.gatewayID) },
        Column("peer-id", wide: true) { .text($0.peerID) },
    ]
}
