import APIContract
import GatewayDomain
import HTTPTypes

extension Problem {
    /// A node acts on the code; people read the rest.
    init(_ refusal: NodeRefusal) {
        switch refusal {
        case .tokenExpired:
            self.init(
                .unauthorized,
                .joinTokenExpired,
                "The join token has expired. Ask an admin of the server for a new one."
            )
        case .tokenUsed:
            self.init(
                .unauthorized,
                .joinTokenUsed,
                "The join token was used already. Ask an admin of the server for a new one."
            )
        case .tokenUnknown:
            self.init(
                .unauthorized,
                .joinTokenUnknown,
                "No node of this server has this join token. It was not copied whole, is of another server, or was"
                    + " replaced by a newer one, or its node was deleted."
            )
        case .regionDiffers(let asked, let regions):
            self.init(
                .unprocessableContent,
                .nodeRegion,
                "The join token is for a node of \(regions.joined(separator: ", ")), and not of \(asked)."
            )
        case .clockDiffers(let seconds):
            self.init(
                .unprocessableContent,
                .nodeClock,
                "The clock of the node is \(Self.distance(seconds)) \(seconds > 0 ? "ahead of" : "behind") that of"
                    + " the server. Set it, and start the node again."
            )
        case .credentialUnknown:
            self.init(
                .unauthorized,
                .nodeCredentialUnknown,
                "The server knows no node by this credential: the node was deleted, or has joined anew elsewhere."
            )
        case .credentialExpired:
            self.init(
                .unauthorized,
                .nodeCredentialExpired,
                "The credential of the node has expired. Ask an admin of the server for a new join token."
            )
        case .secondSession:
            self.init(
                .conflict,
                .secondNodeSession,
                "Another process is connected as this node. Stop it, or make a new join token for the node."
            )
        case .protocolUnsupported(let asked, let supported):
            self.init(
                .badRequest,
                .nodeProtocol,
                "The node speaks version \(asked) of the node protocol, and this server \(supported.lowerBound) to"
                    + " \(supported.upperBound). Update the older of the two."
            )
        }
    }

    private static func distance(_ seconds: Int64) -> String {
        let units: [(seconds: UInt64, name: String)] = [(86_400, "days"), (3_600, "hours")]
        let amount = seconds.magnitude
        for unit in units where amount >= 2 * unit.seconds {
            return "\(amount / unit.seconds) \(unit.name)"
        }
        return "\(amount / 60) minutes"
    }
}
