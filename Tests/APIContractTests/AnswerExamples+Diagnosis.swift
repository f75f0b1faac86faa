import GatewayDomain
import NetAddress

extension AnswerExample {
    private static let time = Timestamp(microseconds: 1_723_044_592_068_774)

    static func diagnoses() throws -> [AnswerExample] {
        let full = Finding(
            .wrongPresharedKey,
            .error,
            certainty: .likely,
            "The peer refuses the answers of the gateway.",
            nextStep: "Give the device its config anew.",
            command: "wgw peer config laptop",
            source: Endpoint(address: .v4(IPv4Address(bits: 0xC000_0201)), port: 1),
            count: 2,
            lastAt: time
        )
        let bare = Finding(.healthy, .ok, "The peer is connected.", nextStep: nil)
        let tooBig = DropObservation(
            reason: .tooBig,
            source: .v4(IPv4Address(bits: 0xAC1B_0002)),
            destination: .v6(IPv6Address(high: 0x2001_0DB8 << 32, low: 1)),
            count: 3,
            last: time,
            length: 1_500,
            mtu: 1_420
        )
        let malformed = DropObservation(
            reason: .malformedPacket,
            source: nil,
            destination: nil,
            count: 1,
            last: time,
            length: 0
        )
        let diagnosis = PeerDiagnosis(
            peerID: .random(),
            gatewayID: .random(),
            checkedAt: time,
            observedSince: time,
            findings: [full, bare],
            drops: [tooBig, malformed]
        )
        let ofGateway = GatewayDiagnosis(
            gatewayID: .random(),
            checkedAt: time,
            observedSince: time,
            findings: [full]
        )
        return [
            try AnswerExample(diagnosis, "with findings"),
            try AnswerExample(ofGateway, "of a gateway"), try AnswerExample(full, "with all"),
            try AnswerExample(bare, "with as little as it can have"),
            try AnswerExample(tooBig, "of a large packet"),
            try AnswerExample(malformed, "of what is not a packet"),
        ]
    }

    static func explanations() throws -> [AnswerExample] {
        let peer = PathEnd(peerID: .random(), name: "laptop", address: "172.27.0.2")
        let address = PathEnd(peerID: nil, name: nil, address: "8.8.8.8")
        let ok = PathStep(.mtu, .ok, "The packet fits.")
        let failed = PathStep(.route, .failed, "No peer has it.", nextStep: "Look it up.")
        let explanation = PathExplanation(
            networkID: .random(),
            from: peer,
            to: address,
            checkedAt: time,
            steps: [failed, ok]
        )
        return [
            try AnswerExample(explanation, "of a path that fails"),
            try AnswerExample(peer, "a peer"), try AnswerExample(address, "an address"),
            try AnswerExample(ok, "that is met"), try AnswerExample(failed, "that is not met"),
        ]
    }
}
