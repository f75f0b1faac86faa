package import NetAddress

/// What the command line says beside the config file.
package struct ConnectOptions: Equatable, Sendable {
    /// Takes the place of the AllowedIPs of the file's only peer; nil leaves them.
    package var allowedIPs: [IPPrefix]?
    /// Whether the machine's routes and name servers are left as they are.
    package var leavesRoutes: Bool

    package init(allowedIPs: [IPPrefix]? = nil, leavesRoutes: Bool = false) {
        self.allowedIPs = allowedIPs
        self.leavesRoutes = leavesRoutes
    }
}
