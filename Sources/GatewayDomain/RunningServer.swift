/// What a server says of itself.
package struct RunningServer: Equatable, Sendable {
    package let program: Program
    /// By its own clock.
    package let time: Timestamp

    package init(_ program: Program, time: Timestamp) {
        self.program = program
        self.time = time
    }

    /// What runs, and what is linked into it.
    package struct Program: Equatable, Sendable {
        package let version: String
        /// As git names it, or `unknown`.
        package let commit: String
        package let libraries: [Library]

        package init(version: String, commit: String, libraries: [Library]) {
            self.version = version
            self.commit = commit
            self.libraries = libraries
        }

        /// For servers that are not the product, as in tests.
        package static let unnamed = Program(version: "0.0.0", commit: "unknown", libraries: [])
    }

    package struct Library: Equatable, Sendable {
        package let name: String
        /// An identifier of SPDX.
        package let license: String
        /// Where its sources are, and the text of its licence in them.
        package let url: String

        package init(name: String, license: String, url: String) {
            self.name = name
            self.license = license
            self.url = url
        }
    }
}
