import APIContract
import GatewayDomain
import JSON
import NetAddress

extension DeclaredKind {
    var form: DeclaredForm {
        switch self {
        case .network: Self.networkForm
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

    private static let gatewayForm = DeclaredForm(
        "gateway",
        of: .init(kind: .network, wireName: GatewayMembers.networkID.name),
        made: NewGateway.self,
        changed: GatewayChange.self,
        shown: Gateway.self,
        derived: [
            GatewayMembers.subnetPrefixLength.name: { answer in
                guard case .string(let text)? = answer[GatewayMembers.subnet.name],
                    let subnet = try? IPv4Prefix(text)
                else { return nil }
                return .integer(Int(subnet.length))
            }
        ]
    )

    private static let peerForm = DeclaredForm(
        "peer",
        of: .init(kind: .gateway, wireName: PeerMembers.gatewayID.name),
        made: NewPeer.self,
        changed: PeerChange.self,
        shown: PeerAnswer.self,
        key: PeerMembers.publicKey.name
    )
}
