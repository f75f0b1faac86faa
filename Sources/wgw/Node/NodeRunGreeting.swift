import CommandLineProgram
import NodeClient

/// What the operator reads when the node is up.
struct NodeRunGreeting {
    let name: String
    let identity: NodeIdentity
    let settings: NodeRunSettings

    var text: String {
        """
        wgw \(ProgramVersion.current.number)

          Node     \(name)
          Server   \(identity.server)
          Data     \(settings.dataDirectory)
          Workers  \(settings.workers)

        wgw show shows the gateways and their peers. Ctrl-C stops the node.
        wgw is ready

        """
    }
}
