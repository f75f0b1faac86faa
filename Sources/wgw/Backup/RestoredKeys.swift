import CommandLineProgram
import Foundation
import Glibc
import SystemIO

/// The keys of a backup whose database goes to PostgreSQL. They belong into the data directory of a server that has none;
/// what this object has put there goes with it, until they are to be kept.
final class RestoredKeys {
    private static let names = ["master-key", "api-key"]

    private let folder: String
    private let place: DataDirectoryOptions.Found
    private var made: [String] = []
    private var madeDirectory = false

    init(in folder: String, for place: DataDirectoryOptions.Found) {
        self.folder = folder
        self.place = place
    }

    deinit {
        for path in made { unlink(path) }
        if madeDirectory { rmdir(place.path) }
    }

    /// Throws where the servers have another master key than the backup.
    func put() throws {
        let key = try SecretFile(folder + "/master-key").read()
        if let own = try place.masterKey ?? SecretFile(place.path + "/master-key").read() {
            guard own == key else {
                throw CommandFailure(
                    """
                    the master key of \(place.path), or WGW_MASTER_KEY, is not the one of the backup; name an empty data \
                    directory by --data-dir
                    """,
                    .conflict
                )
            }
            return
        }
        madeDirectory = mkdir(place.path, 0o700) == 0
        let owner = directoryOwner()
        for name in Self.names {
            let path = place.path + "/" + name
            guard let line = try SecretFile(folder + "/" + name).read(), access(path, F_OK) != 0
            else { continue }
            try SecretFile(path).create(line, for: owner)
            made.append(path)
        }
    }

    /// Root restores for the user to whom the directory belongs; others for themselves.
    private func directoryOwner() -> (user: uid_t, group: gid_t)? {
        var directory = stat()
        guard geteuid() == 0, stat(place.path, &directory) == 0 else { return nil }
        return (directory.st_uid, directory.st_gid)
    }

    func keep() {
        made = []
        madeDirectory = false
    }
}
