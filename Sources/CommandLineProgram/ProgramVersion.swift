import CBuildInfo

/// What was built, and from which sources.
package struct ProgramVersion: Equatable, Sendable {
    package static let current = ProgramVersion(
        number: "0.1.0",
        commit: String(cString: wgw_commit()),
        isCommitCurrent: wgw_commit_is_current()
    )

    package let number: String
    /// As git names it, with `-modified` behind it where the sources were not those of the commit; or
    /// `unknown`.
    package let commit: String
    /// Whether this very build looked the commit up.
    let isCommitCurrent: Bool

    /// For `--version`.
    package var text: String {
        guard commit != "unknown" else {
            return "\(number), commit unknown: no git, or no repository that it could read"
        }
        let parts = commit.split(separator: "-", maxSplits: 1)
        return isCommitCurrent
            ? "\(number), commit \(parts.joined(separator: ", "))"
            : "\(number), commit \(parts[0]) or near it; make build names it exactly"
    }
}
