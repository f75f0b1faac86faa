import APIContract
import GatewayClient
import GatewayDomain
import WireGuardCrypto

enum GatewayNoun: WatchedNoun {
    typealias Object = Gateway
    typealias Kind = Gateway

    static let word = "gateway"
    static let resource = Resource.gateways
    static let objectType = Event.ObjectType.gateway
    static let deletion = "Delete gateways and all their peers."

    static func id(of gateway: Answer) -> String { "\(gateway.id)" }
    static func name(of gateway: Answer) -> String? { gateway.name }

    static let placeColumn: String? = "network"

    static func company(of gateway: Answer) -> String? {
        switch gateway.peersCount {
        case 0: nil
        case 1: "its peer"
        default: "its \(gateway.peersCount) peers"
        }
    }

    static func queries(forName name: String) -> [ListQuery] { [ListQuery([("name", name)])] }

    static let columns: [Column<Answer>] = [
        Column("name") { .text($0.name ?? "\($0.id)") },
        Column("network", needing: .networks) { .text($1.name(of: $0.networkID)) },
        Column("region") { .text($0.regionCode) },
        Column(
            "status",
            meaning: """
                provisioned where the gateway carries packets; 'node away' where its machine is not heard of, and all \
                that is shown of it is as of then
                """
        ) { .status(of: $0) },
        Column("endpoint") { .text($0.endpoint) },
        Column("peers") { .number($0.peersCount) },
        Column("address", wide: true) { .text($0.serverAddress) },
        Column("egress-range", wide: true) { .text($0.egressRange) },
        Column("latest-handshake", wide: true) { .time($0.latestHandshakeAt) },
        Column("received", wide: true) { .bytes($0.rxBytes) },
        Column("sent", wide: true) { .bytes($0.txBytes) },
        Column("egress-received", wide: true) { .bytes($0.egressRxBytes) },
        Column("egress-sent", wide: true) { .bytes($0.egressTxBytes) },
        Column("id", wide: true) { .text($0.id) },
        Column("public-key", wide: true) { .text($0.publicKey.base64) },
        Column("services", wide: true) { gateway in
            gateway.serviceNames.map { .list($0) }
                ?? (gateway.enablesSIPTrunking ? .text("all of its region") : Cell.none)
        },
        Column("mtu", wide: true) { .number($0.mtu) },
        Column("keepalive", wide: true) { $0.persistentKeepalive.map { .number($0) } ?? .none },
        Column("created", wide: true) { .time($0.createdAt) },
        Column("remark", wide: true) { .text($0.statusReason) },
    ]
}

extension Cell {
    /// The server knows nothing newer of a gateway whose node is away.
    static func status(of gateway: GatewayNoun.Answer) -> Cell {
        gateway.nodeAwaySince == nil ? .status(gateway.status) : .state("node away", .bad)
    }

    static func status(_ status: Word<InterfaceStatus>) -> Cell {
        .state(status.text, status == .provisioned ? .good : .waiting)
    }
}
