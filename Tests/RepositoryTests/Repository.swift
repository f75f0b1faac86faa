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

    /// All Swift files of `Sources` or `Tests` below a folder, by path.
    static func swiftFiles(under folder: String) throws -> [SourceFile] {
        try (sources.get() + tests.get()).filter { $0.path.hasPrefix("\(folder)/") }
    }

    /// The paths of all Swift files of `Tests`.
    static func testFiles() throws -> [String] {
        try FileManager.default
            .subpathsOfDirectory(atPath: root.appending(path: "Tests").path)
            .filter { $0.hasSuffix(".swift") }
            .map { "Tests/\($0)" }
    }

    /// The targets that have a folder in Sources.
    static func targets() throws -> [String] { try folders(of: "Sources") }

    /// The targets that tests share, each with a folder in Tests/Support.
    static func supportTargets() throws -> [String] { try folders(of: "Tests/Support") }

    /// The folders of both.
    static func targetFolders() throws -> [String] {
        try targets().map { "Sources/\($0)" }
            + supportTargets().map { "Tests/Support/\($0)" }
    }

    private static func folders(of path: String) throws -> [String] {
        try FileManager.default
            .contentsOfDirectory(atPath: root.appending(path: path).path)
            .filter { !$0.hasPrefix(".") }
            .sorted()
    }

    /// Read once; every rule looks through them.
    private static let sources = Result { try read("Sources") }
    private static let tests = Result { try read("Tests") }

    private static func read(_ folder: String) throws -> [SourceFile] {
        try FileManager.default
            .subpathsOfDirectory(atPath: root.appending(path: folder).path)
            .filter { $0.hasSuffix(".swift") }
            .sorted()
            .map { SourceFile(path: "\(folder)/\($0)", text: try text("\(folder)/\($0)")) }
    }
}
