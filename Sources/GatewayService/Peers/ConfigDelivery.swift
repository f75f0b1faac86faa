import GatewayDomain
import GatewayStore
import PeerConfig
package import QRCodes
import WireGuardCrypto

/// What a request wants beside the peer in its answer. That answer alone has the private key, so there a
/// config is complete.
package struct ConfigDelivery: Equatable, Sendable {
    package static let none = ConfigDelivery(config: false, qrCode: false)

    package let config: Bool
    package let qrCode: Bool
    /// As in `ControlPlane.readPeerTunnel`.
    package let fullTunnel: Bool

    package init(config: Bool, qrCode: Bool, fullTunnel: Bool = false) {
        self.config = config
        self.qrCode = qrCode
        self.fullTunnel = fullTunnel
    }
}

/// What was asked for.
package struct DeliveredConfig: Sendable {
    package static let none = DeliveredConfig(text: nil, qrCode: nil)

    /// For wg-quick.
    package let text: String?
    /// Of the same text.
    package let qrCode: QRCode?
}

extension Transaction {
    /// Writes the config of a peer as it is stored now, and remembers that it was fetched.
    ///
    /// - Parameter privateKey: nil where this request made none. Then the config has a placeholder, and a
    ///   QR code is refused: no app takes it.
    func deliver(
        _ delivery: ConfigDelivery,
        of peer: inout Peer,
        privateKey: SecretKey?,
        to caller: Caller
    ) throws -> DeliveredConfig {
        guard delivery.config || delivery.qrCode else { return .none }
        if delivery.qrCode, privateKey == nil { throw ServiceError.qrCodeWithoutKey }
        let sources = try PeerConfigSources(
            peer.id,
            fullTunnel: delivery.fullTunnel,
            in: caller.scope,
            db
        )
        let text = try sources.tunnel(
            privateKey: privateKey,
            settings: settings,
            masterKey: masterKey,
            damage: db.damage
        ).config(for: .wgQuick)
        try ConfigRevisions.noteFetch(
            of: peer.id,
            revision: sources.revision,
            fullTunnel: delivery.fullTunnel,
            db
        )
        peer.config = try Peers.find(peer.id, in: caller.scope, db)?.config ?? peer.config
        return DeliveredConfig(
            text: delivery.config ? text : nil,
            qrCode: delivery.qrCode ? try qrCode(of: text) : nil
        )
    }

    private func qrCode(of text: String) throws -> QRCode {
        do {
            return try QRCode(text)
        } catch {
            throw ServiceError.qrCodeImpossible(because: "\(error)")
        }
    }
}
