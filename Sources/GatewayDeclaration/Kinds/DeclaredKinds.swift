import APIContract
import GatewayDomain
import JSON
import NetAddress
import WireGuardCrypto

extension DeclaredKind {
    var form: DeclaredForm {
        switch self {
        case .service: Self.serviceForm
        case .network: Self.networkForm
        case .internetGateway: Self.internetGatewayForm
        case .gateway: Self.gatewayForm
        case .peer: Self.peerForm
        }
    }

    private static let networkForm = DeclaredForm(
        "network",
        made: NewNetwork.self,
        changed: NetworkChange.self,
        shown: Network.self
    )

    private static let serviceForm = DeclaredForm(
        "service",
        made: NewPrivateService.self,
        changed: PrivateServiceChange.self,
        shown: PrivateService.self,
        exclusive: [PrivateServiceMembers.prefixes.name]
    )

    /// A network has one in a region, which tells it apart from the others. None of it can be changed.
    private static let internetGatewayForm = DeclaredForm(
        "internet_gateway",
        of: .init(kind: .network, wireName: InternetGatewayMembers.networkID.name),
        made: NewInternetGateway.self,
        changed: nil,
        shown: InternetGateway.self,
        key: InternetGatewayMembers.regionCode.name
    )

    private static let gatewayForm = DeclaredForm(
        "gateway",
        of: .init(kind: .network, wireName: GatewayMembers.networkID.name),
        made: NewGateway.self,
        changed: GatewayChange.self,
        shown: Gateway.self,
        derived: [
            GatewayMembers.subnetPrefixLength.name: { answer in
                answer.subnet.map { .integer(Int($0.length)) }
            },
            GatewayMembers.listenPort.name: { answer in
                guard case .string(let text)? = answer[GatewayMembers.endpoint.name] else {
                    return nil
                }
                return PublicEndpoint(text).map { .integer(Int($0.port)) }
            },
        ],
        publicHalves: [
            GatewayMembers.privateKey.name: { declared in
                guard case .string(let text) = declared, let key = SecretKey(base64: text) else {
                    return nil
                }
                let publicKey = X25519.publicKey(of: key).base64
                return (GatewayMembers.publicKey.name, .string(publicKey))
            }
        ],
        defaults: [
            GatewayMembers.serverAddress.name: { answer in
                answer.subnet.map { .string(SubnetPlan.serverAddress(in: $0).description) }
            }
        ],
        // It is moved while the declaration stays the same.
        beginnings: [GatewayMembers.nodeID.name],
        named: [GatewayMembers.serviceNames.name: .service],
        exclusive: [
            GatewayMembers.subnet.name, GatewayMembers.serverAddress.name,
            GatewayMembers.listenPort.name,
        ]
    )

    private static let peerForm = DeclaredForm(
        "peer",
        of: .init(kind: .gateway, wireName: PeerMembers.gatewayID.name),
        made: NewPeer.self,
        changed: PeerChange.self,
        shown: PeerAnswer.self,
        key: PeerMembers.publicKey.name,
        beginnings: [PeerMembers.endpoint.name],
        parts: [PeerMembers.isDefaultGateway.name],
        exclusive: [PeerMembers.address.name, PeerMembers.allowedIPs.name]
    )
}

extension JSONObject {
    /// That of a gateway, in an answer about it.
    fileprivate var subnet: IPv4Prefix? {
        guard case .string(let text)? = self[GatewayMembers.subnet.name] else { return nil }
        return try? IPv4Prefix(text)
    }
}
