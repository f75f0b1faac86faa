import APIContract
import GatewayService
import HTTPTypes
import Hummingbird
import OpenAPI
import PeerConfig

/// What a request may ask for beside a peer.
enum IncludedPart: String, CaseIterable {
    case config
    case qrCode = "qr"
}

extension Query {
    func configDelivery() throws -> ConfigDelivery {
        let parts: [IncludedPart] = try words(Parameter.include.name)
        return ConfigDelivery(
            config: parts.contains(.config),
            qrCode: parts.contains(.qrCode),
            fullTunnel: try flag(Parameter.fullTunnel.name)
        )
    }

    func configFormat() throws -> ConfigFormat {
        let name = Parameter.configFormat.name
        if case .text(let text) = self[name], text.hasPrefix(IncludedPart.qrCode.rawValue) {
            throw Problem(
                .unprocessableContent,
                .enumeratedValue,
                "A QR code holds the private key of the peer, which the server does not keep: ask for"
                    + " it with include=qr in the request that makes the peer or its new key pair.",
                .parameter(name)
            )
        }
        return try word(name) ?? .wgQuick
    }

    func guideSystem() throws -> GuideSystem {
        try word(Parameter.guideSystem.name) ?? .linux
    }
}
