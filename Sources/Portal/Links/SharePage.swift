import FoundationEssentials
import GatewayDomain
package import GatewayService
package import HTTPEdge
import HTTPTypes
import PeerConfig
import QRCodes

/// The page of a one-time link. It works without JavaScript, and its policy lets no script in: nothing on it
/// can send the config file elsewhere.
package enum SharePage {
    package static func text(_ view: ShareView) -> PageText {
        let (template, values) = content(view)
        return PageText(html: Templates.text(template, values), headers: PageHeaders.withoutScript)
    }

    private static func content(_ view: ShareView) -> (template: String, values: [String: Any]) {
        switch view {
        case .offered(let share):
            (
                "share-offered",
                [
                    "title": "Your VPN configuration",
                    "hasPrivateKey": share.hasPrivateKey,
                    "end": share.expiresAt.onPage,
                ]
            )
        case .opened(let opened): ("share-opened", values(of: opened))
        case .spent:
            Message(
                title: "This link was used or has expired",
                paragraphs: [
                    "A link to a configuration works once, and for a limited time. Ask the sender for a new one.",
                    "If you did not open it yourself, tell the sender: another person may have the configuration.",
                ],
                status: .gone
            ).content
        case .unknown:
            Message(
                title: "This link leads to nothing",
                paragraphs: [
                    """
                    It may be incomplete, or was revoked. Copy the whole link once more, or ask the sender for a \
                    new one.
                    """
                ],
                status: .notFound
            ).content
        }
    }

    private static func values(of opened: OpenedPeerShare) -> [String: Any] {
        let interface = PeerTunnel.interfaceName(for: opened.networkName ?? "")
        let bytes = Data(opened.config.utf8).base64EncodedString()
        // Without its library, or for a config that is too long, the file is all that there is.
        let code = try? QRCode(opened.config)
        return [
            "title": "Your VPN configuration",
            "interface": interface,
            "file": interface + ".conf",
            "link": "data:application/octet-stream;base64," + bytes,
            "config": opened.config,
            "codes": code.map {
                ["data:image/svg+xml;base64," + Data($0.svg.utf8).base64EncodedString()]
            } ?? [],
        ]
    }
}

extension Timestamp {
    /// To the minute.
    fileprivate var onPage: String {
        let text = description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}
