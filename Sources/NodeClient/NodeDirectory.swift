import Glibc
import SystemIO

/// The data directory of a node, which one process at a time has.
///
///     node-key    the node's own private key, to which secrets are sealed
///     node        which node it is, of which server, and its credential
///     snapshot    what it last was to carry, sealed
///     reports     what it has counted and not delivered yet, sealed
package final class NodeDirectory: Sendable {
    package let path: String
    private let lock: Int32
    /// Whether it was not there before.
    private let isNew: Bool

    /// Makes it where it is not there.
    package init(_ path: String) throws(NodeDirectoryError) {
        isNew = mkdir(path, 0o700) == 0
        if !isNew, errno != EEXIST {
            throw .unusable(path: path, reason: String(cString: strerror(errno)))
        }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else {
            throw .unusable(path: path, reason: String(cString: strerror(errno)))
        }
        guard flock(folder, LOCK_EX | LOCK_NB) == 0 else {
            close(folder)
            throw .locked(path: path)
        }
        guard access(path + "/wgw.db", F_OK) != 0 else {
            close(folder)
            throw .ofServer(path: path)
        }
        self.path = path
        lock = folder
    }

    deinit { close(lock) }

    /// Takes away what a machine that could not join has made here; what was there before stays.
    package func removeIfUnused() {
        guard isNew, access(identity.path, F_OK) != 0 else { return }
        unlink(key.path)
        rmdir(path)
    }

    var key: SecretFile { SecretFile(path + "/node-key") }
    var identity: ReplacedFile { ReplacedFile(path + "/node") }
    var snapshot: ReplacedFile { ReplacedFile(path + "/snapshot") }
    var reports: ReplacedFile { ReplacedFile(path + "/reports") }
}

package enum NodeDirectoryError: Error, Equatable, Sendable {
    case unusable(path: String, reason: String)
    /// Another process has it.
    case locked(path: String)
    /// It is the data directory of `wgw serve`.
    case ofServer(path: String)
    case damaged(file: String)
    case notJoined(path: String)
    case joinedAlready(path: String)
}

extension NodeDirectoryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unusable(let path, let reason):
            "\(path) cannot be used: \(reason); give another folder with --data-dir"
        case .locked(let path):
            """
            another node runs with the data directory \(path); stop it, or give this one a folder of its \
            own with --data-dir and a join token of its own
            """
        case .ofServer(let path):
            "\(path) is the data directory of wgw serve; give the node another one with --data-dir"
        case .damaged(let file):
            """
            \(file) is damaged; move the data directory away, and join again with a new token of this \
            node
            """
        case .notJoined(let path):
            """
            \(path) holds no node yet; make one with wgw node create where the server is, and give its \
            token with --join
            """
        case .joinedAlready(let path):
            """
            \(path) holds a node already, which goes on without --join; give another folder with \
            --data-dir for another node
            """
        }
    }
}
