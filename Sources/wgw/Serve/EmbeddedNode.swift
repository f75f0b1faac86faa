import DataPlane
import DataPlaneStatus
import Foundation
import GatewayDomain
import GatewayRuntime
import GatewayService
import HTTPEdge
import Logging
import ServiceLifecycle

/// The node inside of a server that has a database of its own.
struct EmbeddedNode {
    private let dataPlane: DataPlane
    private let node: Node
    private let status: StatusService

    init(
        _ configuration: ServeConfiguration,
        in process: CarrierProcess,
        sockets: Int,
        feed: LocalNodeFeed,
        logger: Logger
    ) throws {
        let dataPlane = try process.makeDataPlane(
            workers: configuration.workers,
            sockets: sockets,
            udpGSO: configuration.udpGSO,
            bindAddress: configuration.bindAddress
        )
        let node = Node(
            feed: feed,
            dataPlane: dataPlane,
            bindAddress: configuration.bindAddress,
            egress: NodeEgress(
                pool: configuration.egressPool,
                dataDirectory: URL(filePath: configuration.dataDirectory)
                    .resolvingSymlinksInPath().path,
                publicAddress: { [host = configuration.publicHost] in host.v4 }
            ),
            logger: logger
        )
        self.dataPlane = dataPlane
        self.node = node
        status = StatusService(dataPlane: dataPlane, logger: logger) {
            node.gateways.map {
                NamedGateway(name: $0.name, id: "\($0.id)", carried: DesiredID($0.id))
            }
        }
    }

    var services: [any Service] { [node, status] }
    var isReady: Bool { node.isReady }
    var metrics: [MetricFamily] { node.counters.families }

    /// Comes back when every worker has answered.
    func heartbeat() async { await dataPlane.heartbeat() }
}
