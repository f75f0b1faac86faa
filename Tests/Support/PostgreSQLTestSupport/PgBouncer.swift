import Foundation
import TestSupport

/// A pooler in front of a cluster, which lends a connection to the server for one transaction at a time. It ends
/// with the cluster.
package struct PgBouncer {
    private let cluster: PostgreSQLCluster
    private let folder: URL

    package init(inFrontOf cluster: PostgreSQLCluster) throws {
        self.cluster = cluster
        folder = cluster.folder.appending(path: "pooler")
        try PostgreSQLCluster.asServer(["mkdir", folder.path])
        let settings = folder.appending(path: "pgbouncer.ini").path
        // The watchdog looks for processes in the cluster's folder.
        let process = cluster.folder.appending(path: "pgbouncer.pid").path
        try Command.require(
            "tee",
            settings,
            input: """
                [databases]
                * = host=\(cluster.folder.path) user=\(PostgreSQLCluster.owner)
                [pgbouncer]
                listen_addr =
                unix_socket_dir = \(folder.path)
                listen_port = 5432
                auth_type = any
                pool_mode = transaction
                logfile = \(folder.path)/log
                pidfile = \(process)

                """
        )
        // The daemon would keep our pipe open.
        let start = "/usr/sbin/pgbouncer --quiet --daemon \"$1\" >/dev/null 2>&1"
        try PostgreSQLCluster.asServer(["sh", "-c", start, "sh", settings])
    }

    /// Where a program finds a database of the cluster through this pooler.
    package func url(database: String) -> String {
        "postgres://\(PostgreSQLCluster.owner)@/\(database)?host=\(folder.path)"
    }
}
