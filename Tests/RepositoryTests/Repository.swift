import Foundation

/// This repository, read as text.
enum Repository {
    /// The folder of Package.swift; symbolic links are followed, so that a package that only links to
    /// these sources sees all of them.
    static let root = URL(filePath: #filePath)
        .resolvingSymlinksInPath()
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// All Swift files of `Sources` below a folder, by path.
    static func swiftFiles(under folder: String) throws -> [SourceFile] {
        try sources.get().filter { $0.path.hasPrefix("\(folder)/") }
    }

    /// The targets that have a folder in Sources.
    static func targets() throws -> [String] {
        try FileManager.default
            .contentsOfDirectory(atPath: root.appending(path: "Sources").path)
            .filter { !$0.hasPrefix(".") }
            .sorted()
    }

    /// Read once; every rule looks through them.
    private static let sources = Result {
        try FileManager.default
            .subpathsOfDirectory(atPath: root.appending(path: "Sources").path)
            .filter { $0.hasSuffix(".swift") }
            .sorted()
            .map { SourceFile(path: "Sources/\($0)", text: try text("Sources/\($0)")) }
    }
}
