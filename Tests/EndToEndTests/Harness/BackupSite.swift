import EndToEndSupport
import Foundation
import TestSupport

/// Backups of one installation and what is made of them, by the product's own binary.
struct BackupSite {
    let folder: URL
    /// Of the installation that is backed up.
    let data: String

    init(_ folder: URL) throws {
        self.folder = folder
        data = folder.appending(path: "data").path
        try Data("correct horse battery staple\n".utf8).write(to: URL(filePath: path("passphrase")))
        try Data("another horse of the same shop\n".utf8).write(to: URL(filePath: path("wrong")))
        try Data((0..<32).map { $0 }).write(to: URL(filePath: path("key")))
        try Data((1..<33).map { $0 }).write(to: URL(filePath: path("wrong key")))
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }
    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
    func names(in name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
    }

    func backup(to file: String, _ options: String...) throws -> Command.Result {
        try Command.run(backupWords(to: file) + options)
    }

    func restore(
        _ file: String,
        to directory: String,
        secret: [String]? = nil,
        _ options: String...
    ) throws -> Command.Result {
        try Command.run(restoreWords(file, to: directory, secret: secret) + options)
    }

    /// With the key file, which costs no time.
    func backupWords(to file: String) -> [String] {
        Program.bareCommand + [
            "backup", path(file), "--data-dir", data, "--key-file", path("key"),
        ]
    }

    func restoreWords(_ file: String, to directory: String, secret: [String]? = nil) -> [String] {
        Program.bareCommand + ["restore", path(file), "--data-dir", path(directory)]
            + (secret ?? ["--key-file", path("key")])
    }
}
