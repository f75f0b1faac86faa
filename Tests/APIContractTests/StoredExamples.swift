import APIContract
import GatewayDomain
import GatewayStore
import WireGuardCrypto

extension AnswerExample {
    /// What answers may show although no request may bring it: a damaged object that is deleted is
    /// answered with substitutes, and names and keys may have been stored before today's rules.
    static func stored() throws -> [AnswerExample] {
        try damaged() + older()
    }

    /// Objects of which nothing could be read.
    private static func damaged() throws -> [AnswerExample] {
        let what = "of a damaged row"
        return [
            try AnswerExample(organization(name: .substitute), what),
            try AnswerExample(
                APIKeyAnswer(
                    APIKey(
                        id: .substitute,
                        organizationID: .substitute,
                        name: .substitute,
                        prefix: nil,
                        role: .substitute,
                        networkIDs: nil,
                        expiresAt: nil,
                        lastUsedAt: nil,
                        createdAt: .substitute
                    )
                ),
                what
            ),
            try AnswerExample(
                UserAnswer(
                    User(
                        id: .substitute,
                        organizationID: .substitute,
                        name: .substitute,
                        role: .substitute,
                        createdAt: .substitute,
                        updatedAt: .substitute
                    )
                ),
                what
            ),
            try AnswerExample(
                SessionAnswer(
                    Session(
                        id: .substitute,
                        organizationID: .substitute,
                        principal: .user(.substitute),
                        source: .substitute,
                        userAgent: nil,
                        createdAt: .substitute
                    )
                ),
                what
            ),
            try AnswerExample(network(name: .substitute), what),
            try AnswerExample(gateway, what),
            try AnswerExample(PeerAnswer(peer(.substitute)), what),
            try AnswerExample(
                PeerShareAnswer(
                    PeerShare(
                        id: .substitute,
                        organizationID: .substitute,
                        peerID: .substitute,
                        hasPrivateKey: .substitute,
                        isFullTunnel: .substitute,
                        configRevision: .substitute,
                        expiresAt: .substitute,
                        createdAt: .substitute
                    )
                ),
                what
            ),
            try AnswerExample(
                PeerConfigURLAnswer(
                    PeerConfigURL(
                        id: .substitute,
                        organizationID: .substitute,
                        peerID: .substitute,
                        createdAt: .substitute
                    )
                ),
                what
            ),
            try AnswerExample(
                DefaultGateway(
                    id: .substitute,
                    organizationID: .substitute,
                    networkID: .substitute,
                    peerID: nil,
                    status: .substitute,
                    createdAt: .substitute,
                    updatedAt: .substitute
                ),
                what
            ),
            try AnswerExample(
                InternetGateway(
                    id: .substitute,
                    organizationID: .substitute,
                    networkID: .substitute,
                    region: region,
                    name: nil,
                    status: .substitute,
                    publicHost: .substitute,
                    createdAt: .substitute,
                    updatedAt: .substitute
                ),
                what
            ),
        ]
    }

    private static func older() throws -> [AnswerExample] {
        let lowOrder = "AQ" + String(repeating: "A", count: 41) + "="
        guard let key = PublicKey(base64: lowOrder) else { return [] }
        return [
            try AnswerExample(organization(name: "tenant\u{202E}"), "with a hidden character"),
            try AnswerExample(network(name: " office "), "with blanks around its name"),
            try AnswerExample(PeerAnswer(peer(key)), "with a key that no private key has"),
        ]
    }

    private static func organization(name: String) -> Organization {
        Organization(
            id: .substitute,
            name: name,
            createdAt: .substitute,
            updatedAt: .substitute
        )
    }

    private static func network(name: String) -> Network {
        Network(
            id: .substitute,
            organizationID: .substitute,
            name: name,
            addressBlock: .substitute,
            createdAt: .substitute,
            updatedAt: .substitute
        )
    }

    private static var gateway: Gateway {
        Gateway(
            id: .substitute,
            organizationID: .substitute,
            networkID: .substitute,
            region: region,
            nodeID: .substitute,
            name: nil,
            enablesSIPTrunking: .substitute,
            status: .substitute,
            statusReason: nil,
            publicKey: .substitute,
            endpoint: PublicEndpoint(host: .substitute, port: .substitute),
            subnet: .substitute,
            mtu: .substitute,
            persistentKeepalive: nil,
            createdAt: .substitute,
            updatedAt: .substitute,
            activity: GatewayActivity()
        )
    }

    private static func peer(_ key: PublicKey) -> Peer {
        Peer(
            id: .substitute,
            organizationID: .substitute,
            gatewayID: .substitute,
            name: nil,
            publicKey: key,
            address: .substitute,
            hasPresharedKey: .substitute,
            persistentKeepalive: nil,
            createdAt: .substitute,
            updatedAt: .substitute,
            activity: PeerActivity()
        )
    }

    private static var region: Region {
        Region(
            code: .substitute,
            name: .substitute,
            createdAt: .substitute,
            updatedAt: .substitute
        )
    }
}
