import ArgumentParser
import Testing

@testable import CommandLineProgram
@testable import HTTPEdge
@testable import wgw

@Suite("The version of a program")
struct ProgramVersionTests {
    private let commit = String(repeating: "0123456789", count: 4)

    @Test("a version names the commit that was built, and whether the sources were modified")
    func commits() {
        #expect(version(commit).text == "1.2.3, commit \(commit)")
        #expect(version("\(commit)-modified").text == "1.2.3, commit \(commit), modified")
    }

    @Test("a version says that its commit may be another one by now")
    func staleCommit() {
        for named in [commit, "\(commit)-modified"] {
            #expect(
                version(named, isCurrent: false).text
                    == "1.2.3, commit \(commit) or near it; make build names it exactly"
            )
        }
    }

    @Test("a version says that there was no git to ask for the commit")
    func noCommit() {
        #expect(version("unknown").text.hasPrefix("1.2.3, commit unknown: no git"))
    }

    @Test("the version of this build has a commit, and --version tells it")
    func current() {
        let current = ProgramVersion.current
        #expect(current.commit.wholeMatch(of: /[0-9a-f]{40}(-modified)?|unknown/) != nil)
        #expect(WGW.configuration.version == current.text)
    }

    @Test("the metrics tell version and commit as labels of a gauge of 1")
    func metrics() {
        let text = version(commit).family.text
        #expect(text.hasSuffix("wgw_build_info{version=\"1.2.3\",commit=\"\(commit)\"} 1\n"))
    }

    private func version(_ commit: String, isCurrent: Bool = true) -> ProgramVersion {
        ProgramVersion(number: "1.2.3", commit: commit, isCommitCurrent: isCurrent)
    }
}
