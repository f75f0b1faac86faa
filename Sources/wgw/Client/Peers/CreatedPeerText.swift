import APIContract
import CommandLineProgram

/// What a person reads beside a new config.
struct CreatedPeerText {
    private let name: String
    private let peer: PeerNoun.Answer
    private let gateway: GatewayNoun.Answer
    private let isNew: Bool

    init(_ peer: PeerNoun.Answer, _ gateway: GatewayNoun.Answer, isNew: Bool) {
        self.isNew = isNew
        self.peer = peer
        self.gateway = gateway
        name = PeerNoun.title(of: peer).withoutControls
    }

    private var gatewayName: String { GatewayNoun.title(of: gateway).withoutControls }

    func line(savedIn path: String) -> String {
        """
        peer '\(name)' \(isNew ? "is made" : "has a new key pair"): \(peer.address) at gateway '\(gatewayName)', config in \(path)
        start it with: sudo wg-quick up \(path.contains("/") ? path.shellWord : "./\(path)".shellWord)

        """
    }

    /// - Parameter qr: the config for a telephone's camera, or why there is none.
    func advice(qr: Result<String, CommandFailure>) -> String {
        let code =
            switch qr {
            case .success(let code):
                "\n\(code)\nScan this with the WireGuard app of a telephone, or keep"
            case .failure(let reason):
                "\nThere is no QR code: \(reason).\nKeep"
            }
        return """
            \(code) the text above as \(fileName), readable for you only.
            Its private key is shown here and kept nowhere.
            \(summary)

            """
    }

    /// For a key pair that its owner keeps.
    var adviceForGivenKey: String {
        """

        Put the private key of the given public key into the text above, and keep it as \(fileName).
        \(summary)

        """
    }

    private var fileName: String { "\(name).conf".shellWord }

    private var summary: String {
        "Peer '\(name)' has the address \(peer.address) at the gateway '\(gatewayName)'."
    }
}
