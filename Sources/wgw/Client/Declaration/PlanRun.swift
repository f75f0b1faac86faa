import APIContract
import GatewayClient
import GatewayDeclaration
import GatewayDomain
import JSON
import WireGuardCrypto

/// Carries out the steps of a plan, one request for each.
struct PlanRun {
    let client: GatewayClient
    /// Where keys of new peers are made; nil where the plan needs none.
    let keys: PeerKeyFolder?
    /// Ids of what this run has made, by its place in the plan.
    private var made: [Int: String] = [:]

    init(client: GatewayClient, keys: PeerKeyFolder?) {
        self.client = client
        self.keys = keys
    }

    /// Returns the path of the config that was written with it.
    mutating func carryOut(_ step: Plan.Step) async throws -> String? {
        switch step.action {
        case .create(let creation):
            return try await create(creation, step)
        case .change(let id, let changes):
            let body = JSONObject(changes.map { JSONObject.Member(name: $0.name, value: $0.new) })
            try await change(step.kind, id, body)
        case .delete(let id):
            try await delete(step.kind, id)
        }
        return nil
    }

    private mutating func create(
        _ creation: Plan.Creation,
        _ step: Plan.Step
    ) async throws -> String? {
        let ownerID: String? =
            switch creation.owner {
            case nil: nil
            case .existing(let id)?: id
            case .planned(let place)?: made[place]
            }
        var body = step.kind.request(creation, ownerID: ownerID)
        let name = step.name ?? ""
        if creation.lacksKey, let keys, let member = step.kind.keyMember {
            body.add(member, .string(X25519.publicKey(of: try keys.key(of: name)).base64))
        }
        let id = try await create(step.kind, body)
        made[creation.place] = id
        guard creation.lacksKey, let keys else { return nil }
        try keys.finish(name, config: try await PeerConfigText.read(of: id, nil, client))
        return keys.path(of: name)
    }

    private func create(_ kind: DeclaredKind, _ body: JSONObject) async throws -> String {
        switch kind {
        case .service:
            "\(try await client.create(.privateServices, NewPrivateService(body)).id)"
        case .network: "\(try await client.create(.networks, NewNetwork(body)).id)"
        case .internetGateway:
            "\(try await client.create(.internetGateways, NewInternetGateway(body)).id)"
        case .gateway: "\(try await client.create(.gateways, NewGateway(body)).id)"
        case .peer: try await createPeer(body)
        }
    }

    private func createPeer(_ body: JSONObject) async throws -> String {
        let id = try await client.create(.peers, NewPeer(body)).id
        if body[PeerMembers.isDefaultGateway.name] == .bool(true) { try await lead(id, true) }
        return "\(id)"
    }

    private func changePeer(_ id: String, _ body: JSONObject) async throws {
        var members = body
        members.members.removeAll { $0.name == PeerMembers.isDefaultGateway.name }
        // A request that changes nothing would make a new key pair.
        if !members.members.isEmpty {
            _ = try await client.update(.peers, id, PeerChange(members))
        }
        guard case .bool(let leads)? = body[PeerMembers.isDefaultGateway.name],
            let peerID = PeerID(id)
        else { return }
        try await lead(peerID, leads)
    }

    /// Makes a peer the default gateway of its network, in the place of the one that is there, or takes that away.
    private func lead(_ id: PeerID, _ leads: Bool) async throws {
        let peer = try await client.get(.peers, id)
        let network = try await client.get(.gateways, peer.gatewayID).networkID
        let current = try await client.defaultGateway(of: network)
        guard leads != (current?.peerID == id) else { return }
        guard leads else {
            _ = try await client.deleteDefaultGateway(of: network)
            return
        }
        var request = NewDefaultGateway()
        request.peerID = .value(id)
        _ = try await client.replaceDefaultGateway(of: network, by: request)
    }

    private func change(_ kind: DeclaredKind, _ id: String, _ body: JSONObject) async throws {
        switch kind {
        case .service:
            _ = try await client.update(.privateServices, id, PrivateServiceChange(body))
        case .network: _ = try await client.update(.networks, id, NetworkChange(body))
        case .internetGateway: preconditionFailure("an internet gateway cannot be changed")
        case .gateway: _ = try await client.update(.gateways, id, GatewayChange(body))
        case .peer: try await changePeer(id, body)
        }
    }

    /// What is gone already is what was wanted.
    private func delete(_ kind: DeclaredKind, _ id: String) async throws {
        do throws(ClientError) {
            switch kind {
            case .service: _ = try await client.delete(.privateServices, id)
            case .network: _ = try await client.delete(.networks, id)
            case .internetGateway: _ = try await client.delete(.internetGateways, id)
            case .gateway: _ = try await client.delete(.gateways, id)
            case .peer: _ = try await client.delete(.peers, id)
            }
        } catch {
            guard case .refused(let refusal) = error, refusal.status == 404 else { throw error }
        }
    }
}
