import GatewayDomain
import Logging
import NetAddress

/// How a node is to run on this machine. All else its server tells it.
struct NodeRunSettings {
    /// Nil for a machine that has joined.
    let joinToken: JoinToken?
    /// Where this machine is; nil where its operator does not say.
    let region: String?
    let dataDirectory: String
    /// Nil for every address of the host.
    let bindAddress: IPAddress?
    let workers: Int
    let udpGSO: BatchSending
    let logLevel: Logger.Level
}
