import Glibc

/// Where a restore puts its files until all of them are complete. The data directory is as it was before
/// when this goes without `publish`; a restore that is killed leaves the folder behind, which keeps a server
/// from beginning anew there and which the next restore takes away.
package final class RestoreFolder {
    private static let database = "wgw.db"
    /// What a killed restore may have left, in a directory that has no database.
    private static let remnants: Set = ["lock", Store.restoreFolder, "master-key", "api-key"]

    package let path: String
    private let directory: String
    private let madeDirectory: Bool
    private let hadLockFile: Bool
    private var lock: DirectoryLock?
    /// Whether what is in the directory was put there by this restore.
    private var isIncomplete = false

    /// Throws where the directory holds anything, and changes nothing.
    package static func refuseOthers(in directory: String) throws(StoreError) {
        var status = stat()
        guard stat(directory, &status) == 0 else {
            guard errno == ENOENT else { throw .unwritable(path: directory) }
            return
        }
        guard let names = names(in: directory) else { throw .unwritable(path: directory) }
        guard
            names.subtracting(["lock"]).isEmpty
                || names.contains(Store.restoreFolder) && names.isSubset(of: remnants)
        else { throw .notEmpty(path: directory) }
    }

    package init(directory: String) throws(StoreError) {
        try Self.refuseOthers(in: directory)
        self.directory = directory
        path = directory + "/" + Store.restoreFolder
        madeDirectory = mkdir(directory, 0o700) == 0
        guard madeDirectory || errno == EEXIST else { throw .unwritable(path: directory) }
        hadLockFile = access(directory + "/lock", F_OK) == 0
        lock = try DirectoryLock(directory: directory)
        // A server may have begun there before the lock was taken.
        try Self.refuseOthers(in: directory)
        isIncomplete = true
        removeRemnants()
        guard mkdir(path, 0o700) == 0 else { throw .unwritable(path: path) }
    }

    deinit {
        guard isIncomplete else { return }
        removeRemnants()
        if !hadLockFile { unlink(directory + "/lock") }
        if madeDirectory { rmdir(directory) }
    }

    /// Gives the files their places, the database last: without it no server starts there.
    package func publish() throws(StoreError) {
        guard let names = Self.names(in: path) else { throw .unwritable(path: path) }
        try giveToOwner(names)
        for name in names.subtracting([Self.database]).sorted() + [Self.database] {
            guard rename(path + "/" + name, directory + "/" + name) == 0 else {
                throw .unwritable(path: directory)
            }
            try synchronize(directory)
        }
        isIncomplete = false
        rmdir(path)
        try synchronize(directory)
    }

    /// Root restores for the user to whom the directory belongs.
    private func giveToOwner(_ names: Set<String>) throws(StoreError) {
        var status = stat()
        guard geteuid() == 0, stat(directory, &status) == 0, status.st_uid != 0 else { return }
        for file in names.map({ path + "/" + $0 }) + [directory + "/lock"] {
            guard chown(file, status.st_uid, status.st_gid) == 0 else {
                throw .unwritable(path: file)
            }
        }
    }

    private func removeRemnants() {
        for name in Self.names(in: path) ?? [] { unlink(path + "/" + name) }
        rmdir(path)
        for name in ["master-key", "api-key"] { unlink(directory + "/" + name) }
    }

    private func synchronize(_ folder: String) throws(StoreError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unwritable(path: folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .unwritable(path: folder) }
    }

    /// Nil where the folder cannot be read.
    static func names(in folder: String) -> Set<String>? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: Set<String> = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.insert(name) }
        }
        return names
    }
}
