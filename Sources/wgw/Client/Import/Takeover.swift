import APIContract
import CommandLineProgram
import GatewayClient
import GatewayDomain
import HubRuntime
import WireGuardCrypto

/// Makes what a plan says, as far as it is not there: an interrupted run is finished by the next one. A
/// gateway is the plan's if it has the plan's key, and a peer likewise.
struct Takeover {
    let plan: ImportPlan
    let source: HubConfigurationFile
    let client: GatewayClient

    /// What an earlier run made. One of the same key that is another one is refused.
    func existingGateway() async throws -> GatewayNoun.Answer? {
        for try await page in client.pages(of: .gateways) {
            for gateway in page where gateway.publicKey == plan.gateway.publicKey {
                guard gateway.serverAddress == plan.gateway.serverAddress,
                    gateway.endpoint.port == plan.gateway.port
                else {
                    throw CommandFailure(
                        """
                        gateway \(GatewayNoun.title(of: gateway).withoutControls) has the key of \(source.path), but another \
                        port or address; delete it, or change the file
                        """,
                        .conflict
                    )
                }
                return gateway
            }
        }
        return nil
    }

    /// In a network that has the file's name and the gateway's subnet.
    func makeGatewayInNewNetwork(region: String) async throws -> GatewayNoun.Answer {
        if let left = try await networkOfInterruptedRun() {
            return try await makeGateway(in: left, region: region)
        }
        var request = NewNetwork()
        request.name = .value(plan.name)
        request.addressBlock = .value(plan.gateway.subnet)
        let network = try await client.create(.networks, request)
        do {
            return try await makeGateway(in: network.id, region: region)
        } catch {
            // Whether or not that succeeds, what is to be told is why there is no gateway.
            _ = try? await client.delete(.networks, network.id)
            throw error
        }
    }

    private func networkOfInterruptedRun() async throws -> NetworkID? {
        for try await page in client.pages(of: .networks, NetworkNoun.queries(forName: plan.name)) {
            guard let network = page.first(where: { $0.name == plan.name }) else { continue }
            let filter = ListQuery([(GatewayMembers.networkID.name, "\(network.id)")])
            var isEmpty = true
            for try await gateways in client.pages(of: .gateways, [filter]) where !gateways.isEmpty
            {
                isEmpty = false
            }
            if isEmpty, network.addressBlock == plan.gateway.subnet { return network.id }
            throw CommandFailure(
                """
                there is a network named \(plan.name) already; make the gateway in it with --network \
                \(plan.name.shellWord), or in another one
                """,
                .conflict
            )
        }
        return nil
    }

    func makeGateway(
        in network: NetworkID,
        region: String
    ) async throws -> GatewayNoun.Answer {
        var request = NewGateway()
        request.networkID = .value(network)
        request.regionCode = .value(region)
        request.name = .value(plan.name)
        request.privateKey = .value(plan.gateway.privateKey)
        request.listenPort = .value(plan.gateway.port)
        request.serverAddress = .value(plan.gateway.serverAddress)
        request.mtu = .value(plan.gateway.mtu)
        do throws(ClientError) {
            return try await client.create(.gateways, request)
        } catch {
            guard case .refused(let refusal) = error, !refusal.entries.isEmpty else { throw error }
            throw source.failure(
                refusal.entries.map { source.error(line: nil, FileWords.ofInterface.text(of: $0)) },
                CommandFailure.status(error)
            )
        }
    }

    /// Those that have an address first: the server gives the others what is left.
    func makePeers(of gateway: GatewayNoun.Answer) async throws {
        let filter = ListQuery([(PeerMembers.gatewayID.name, "\(gateway.id)")])
        var known: Set<PublicKey> = []
        for try await page in client.pages(of: .peers, [filter]) {
            known.formUnion(page.map(\.publicKey))
        }
        let missing = plan.peers.filter { !known.contains($0.publicKey) }
        let ordered = missing.filter { $0.address != nil } + missing.filter { $0.address == nil }
        for (number, peer) in ordered.enumerated() {
            do throws(ClientError) {
                _ = try await client.create(.peers, request(for: peer, of: gateway.id))
            } catch {
                throw failure(error, at: peer, after: known.count + number)
            }
        }
    }

    private func request(for peer: PlannedPeer, of gateway: GatewayID) -> NewPeer {
        var request = NewPeer()
        request.gatewayID = .value(gateway)
        if let name = peer.name { request.name = .value(name) }
        request.publicKey = .value(peer.publicKey)
        if let key = peer.presharedKey { request.presharedKey = .value(.given(key)) }
        if let keepalive = peer.keepalive { request.persistentKeepalive = .value(keepalive) }
        if let endpoint = peer.endpoint { request.endpoint = .value(endpoint) }
        if let address = peer.address { request.address = .value(address) }
        if !peer.networks.isEmpty {
            request.allowedIPs = .value(peer.networks.map { .value($0) })
        }
        return request
    }

    /// Names the line of the peer where the server refuses what stands there.
    private func failure(
        _ error: ClientError,
        at peer: PlannedPeer,
        after count: Int
    ) -> CommandFailure {
        let state = "\(count) of \(plan.peers.count) peers are there"
        let rest = "run the command again for the others"
        guard case .refused(let refusal) = error, !refusal.entries.isEmpty else {
            return CommandFailure("\(error) (\(state); \(rest))", CommandFailure.status(error))
        }
        let words = FileWords(of: peer)
        return source.failure(
            refusal.entries.map { source.error(line: peer.line, words.text(of: $0)) },
            CommandFailure.status(error),
            state: "\(state) (\(rest))"
        )
    }
}
