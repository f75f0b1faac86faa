import APIContract
import GatewayClient

/// What a config file calls the members of the requests that are made of it, for what the server has
/// against them.
struct FileWords {
    /// Keys of the file by the pointers of members.
    private let keys: [String: String]

    static let ofInterface = FileWords(keys: [
        GatewayMembers.privateKey.pointer: "PrivateKey:",
        GatewayMembers.listenPort.pointer: "ListenPort:",
        GatewayMembers.serverAddress.pointer: "Address:",
        GatewayMembers.mtu.pointer: "MTU:",
    ])

    private init(keys: [String: String]) {
        self.keys = keys
    }

    /// The address and the networks stand in one list of the file: each is named by its value.
    init(of peer: PlannedPeer) {
        var keys = [
            PeerMembers.publicKey.pointer: "PublicKey:",
            PeerMembers.presharedKeyRequest.pointer: "PresharedKey:",
            Member<Int>.keepalive.pointer: "PersistentKeepalive:",
            PeerMembers.endpoint.pointer: "Endpoint:",
            PeerMembers.name.pointer: "the name in the comment",
            PeerMembers.allowedIPs.pointer: "AllowedIPs:",
        ]
        if let address = peer.address {
            keys[PeerMembers.address.pointer] = "AllowedIPs: \(address)"
        }
        for (index, network) in peer.networks.enumerated() {
            keys["\(PeerMembers.allowedIPs.pointer)/\(index)"] = "AllowedIPs: \(network)"
        }
        self.keys = keys
    }

    /// Without its full stop, as the mistakes have that are found in the file itself.
    func text(of entry: Decoded<ErrorMembers>) -> String {
        let text = entry.detail { keys[$0] }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
