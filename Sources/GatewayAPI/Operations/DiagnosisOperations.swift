import OpenAPI

extension Operation {
    static let diagnosePeer = Operation(
        id: "diagnosePeer",
        summary: "Say how a peer does and what to do about it.",
        about: """
            Says what the server knows of why a peer does not connect or loses packets: each finding has a \
            code, a severity, a sentence and a next step. Refused packets and handshakes are seen a second \
            after they came, and are forgotten when the server is started anew.
            """,
        access: .anyKey,
        answer: "The findings, the worst first, and the newest packets that went no further.",
        result: .object("PeerDiagnosis")
    )

    static let diagnoseGateway = Operation(
        id: "diagnoseGateway",
        summary: "Say how a gateway does and who knocks at it in vain.",
        about: """
            Says whether the gateway is in service and was reached, and names senders of handshakes that are \
            none of its peers: where they are, what is wrong with their configs, and what to do. They are seen a \
            second after they came, and are forgotten when the server is started anew.
            """,
        access: .anyKey,
        answer: "The findings, the worst first.",
        result: .object("GatewayDiagnosis")
    )

    static let explainPath = Operation(
        id: "explainPath",
        summary: "Explain what becomes of a packet from one peer to another.",
        about: """
            Follows a packet from one peer of the network to another, or to any address, and says of each \
            step whether it works, fails or is not known to the server. No packet is sent. What becomes of \
            an answer is told when the two are exchanged.
            """,
        access: .anyKey,
        parameters: [
            .query(
                "from",
                "The peer of the network that sends the packet.",
                .string("The id, the name or the tunnel address of a peer."),
                isRequired: true
            ),
            .query(
                "to",
                "The peer or the address that the packet is for.",
                .string("The id, the name or the tunnel address of a peer, or any other address."),
                isRequired: true
            ),
        ],
        answer: "The steps of the packet in their order, and whether it arrives.",
        result: .object("PathExplanation")
    )
}
