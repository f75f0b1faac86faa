import DataPlane
import Foundation
import GatewayDomain
import GatewayRuntime
import Logging
import NodeClient
import NodeProtocol
import ServiceLifecycle
import Synchronization

/// The node of this machine, which begins when it knows what it is to carry: from an earlier process, or else when
/// its server has told it.
final class RemoteNode: Service {
    private let feed: RemoteNodeFeed
    private let dataPlane: DataPlane
    private let settings: NodeRunSettings
    private let logger: Logger
    private let onReady: @Sendable (_ name: String) -> Void
    private let running = Mutex<Node?>(nil)

    /// - Parameter onReady: is told the node's name when it carries, or has tried to carry, all that it was told.
    init(
        feed: RemoteNodeFeed,
        dataPlane: DataPlane,
        settings: NodeRunSettings,
        logger: Logger,
        onReady: @escaping @Sendable (_ name: String) -> Void
    ) {
        self.feed = feed
        self.dataPlane = dataPlane
        self.settings = settings
        self.logger = logger
        self.onReady = onReady
    }

    var gateways: [OpenGateway] { running.withLock { $0 }?.gateways ?? [] }

    func run() async throws {
        let told = await cancelWhenGracefulShutdown { await self.feed.firstSettings() }
        guard let told else { return dataPlane.shutdown() }
        let node = Node(
            feed: feed,
            dataPlane: dataPlane,
            bindAddress: settings.bindAddress,
            egress: told.egressPool.map {
                NodeEgress(
                    pool: $0,
                    dataDirectory: URL(filePath: settings.dataDirectory)
                        .resolvingSymlinksInPath().path,
                    publicAddress: { [feed] in feed.settings?.publicAddress }
                )
            },
            logger: logger
        )
        running.withLock { $0 = node }
        async let readiness: Void = tellWhenReady(node, name: told.name)
        try await node.run()
        await readiness
    }

    private func tellWhenReady(_ node: Node, name: String) async {
        await cancelWhenGracefulShutdown {
            while !node.isReady {
                guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return }
            }
            self.onReady(name)
        }
    }
}
