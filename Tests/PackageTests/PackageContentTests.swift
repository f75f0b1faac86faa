import EndToEndSupport
import Foundation
import TestSupport
import Testing

@Suite(
    "What is in the package",
    .enabled(if: DebianPackage.allowTests, "The package is built with Debian's tools."),
    .timeLimit(.minutes(10))
)
struct PackageContentTests {
    @Test("the same program makes the same package, byte for byte, at any time")
    func reproducible() throws {
        try TemporaryDirectory.with { folder in
            let bytes = try ["a", "b"].map { name in
                let time = "SOURCE_DATE_EPOCH=1700000000"
                let package = try DebianPackage(
                    in: folder.appending(path: name),
                    environment: [time]
                )
                return try Data(contentsOf: package.file)
            }
            #expect(bytes[0] == bytes[1])
        }
    }

    @Test("the package's version begins with the program's, and sorts before the release to come")
    func version() throws {
        try TemporaryDirectory.with { folder in
            let version = try DebianPackage(in: folder).field("Version")
            let said = try Command.require(Program.bareCommand + ["--version"])
            let number = try #require(said.split(separator: ",").first)
            #expect(version.hasPrefix(number))
            if version != number {
                #expect(
                    try Command.run("dpkg", "--compare-versions", version, "lt", "\(number)").status
                        == 0
                )
            }
        }
    }

    @Test("the package has files of root's in the system's own folders, and one config file")
    func files() throws {
        try TemporaryDirectory.with { folder in
            let package = try DebianPackage(in: folder)
            let lines = try Command.require("dpkg-deb", "--contents", package.file.path)
                .split(separator: "\n").map { $0.split(separator: " ") }
            #expect(lines.allSatisfy { $0[1] == "root/root" })
            let root = folder.appending(path: "root")
            try package.unpack(into: root)
            let files = try Command.require(
                "find",
                root.path,
                "-type",
                "f",
                "-printf",
                "/%P\n"
            ).split(separator: "\n").map(String.init)
            for path in [
                "/etc/wgw/wgw.yaml", "/usr/bin/wgw", "/usr/lib/systemd/system/wgw.service",
                "/usr/lib/systemd/system/wgw-node.service",
                "/usr/share/bash-completion/completions/wgw", "/usr/share/doc/wgw/copyright",
                "/usr/share/doc/wgw/third-party-licenses.gz",
                "/usr/share/fish/vendor_completions.d/wgw.fish",
                "/usr/share/wgw/egress.conf", "/usr/share/zsh/vendor-completions/_wgw",
            ] {
                #expect(files.contains(path), "\(files)")
            }
            let others = files.filter { !$0.hasPrefix("/usr/") && $0 != "/etc/wgw/wgw.yaml" }
            #expect(others == [])
            let control = folder.appending(path: "control").path
            try Command.require("dpkg-deb", "--control", package.file.path, control)
            #expect(try Command.require("cat", "\(control)/conffiles") == "/etc/wgw/wgw.yaml\n")
            #expect(try package.field("Recommends").contains("libqrencode4"))
        }
    }

    @Test("every command of the help has a man page, which man formats without a warning")
    func manPages() throws {
        try TemporaryDirectory.with { folder in
            try DebianPackage(in: folder).unpack(into: folder)
            let pages = folder.appending(path: "usr/share/man/man1")
            let names = try FileManager.default.contentsOfDirectory(atPath: pages.path).sorted()
            let help = try Command.require(Program.bareCommand + ["--help"])
            let commands =
                help.split(separator: "SUBCOMMANDS:", maxSplits: 1).last?
                .matches(of: #/(?m)^  ([a-z][a-z-]*) /#).map { "wgw-\($0.1).1.gz" } ?? []
            #expect(commands.count >= 3)
            #expect(Set(names).isSuperset(of: commands), "\(names) \(commands)")
            for name in names {
                let page = pages.appending(path: name).path
                let title = try Command.require("lexgrog", page)
                #expect(title.contains(" - "), "\(title)")
                let command =
                    "LC_ALL=C.UTF-8 MANROFFSEQ= man --warnings --local-file "
                    + "--troff-device=utf8 --ditroff '\(page)' 2>&1 >/dev/null"
                #expect(try Command.require("sh", "-c", command) == "", "\(name)")
            }
            let serve = try Command.require(
                "sh",
                "-c",
                "MANWIDTH=200 man --local-file '\(pages.path)/wgw-serve.1.gz' | col -b"
            )
            #expect(serve.contains("--endpoint-address host"))
            #expect(serve.contains("Where the HTTP API listens. (default: 127.0.0.1:8080)"))
        }
    }

    @Test("the completions are understood by the shells that are installed, and bash completes")
    func completions() throws {
        try TemporaryDirectory.with { folder in
            try DebianPackage(in: folder).unpack(into: folder)
            let share = folder.appending(path: "usr/share").path
            let files = [
                ("bash", "bash-completion/completions/wgw"), ("zsh", "zsh/vendor-completions/_wgw"),
                ("fish", "fish/vendor_completions.d/wgw.fish"),
            ]
            for (shell, file) in files {
                guard try Command.run("which", shell).status == 0 else {
                    #expect(!ContinuousIntegration.isOn, "\(shell) is not installed")
                    continue
                }
                #expect(try Command.require(shell, "-n", "\(share)/\(file)") == "")
            }
            let script = """
                source \(share)/bash-completion/completions/wgw
                set -- $(complete -p wgw)
                while [ "$1" != -F ]; do shift; done
                COMP_WORDS=(wgw ser); COMP_CWORD=1; COMP_LINE='wgw ser'; COMP_POINT=7
                "$2" wgw ser wgw; echo "${COMPREPLY[@]}"
                """
            let said = try Command.require("bash", "--norc", "-c", script)
            #expect(said.split(whereSeparator: \.isWhitespace).sorted() == ["serve", "service"])
        }
    }

    @Test(
        "systemd-analyze finds little that a unit exposes",
        arguments: ["wgw.service", "wgw-node.service"]
    )
    func exposure(unit: String) throws {
        let unit = DebianPackage.repository.appending(path: "packaging/\(unit)").path
        let result = try Command.run(
            "systemd-analyze",
            "security",
            "--offline=true",
            "--threshold=15",
            "--no-pager",
            unit
        )
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(
        "lintian has nothing to say about the package",
        .enabled(
            if: (try? Command.run("which", "lintian").status) == 0
                || ContinuousIntegration.isOn,
            "lintian is not installed."
        )
    )
    func lintian() throws {
        try TemporaryDirectory.with { folder in
            let package = try DebianPackage(in: folder)
            // How tests build it: without compression, of a program that finds the Swift runtime where the
            // toolchain is. `make package` has its package judged without these exceptions.
            let tags = [
                "uses-no-compression-for-control-tarball", "uses-no-compression-for-data-tarball",
                "custom-library-search-path",
            ]
            let result = try Command.run(
                ["lintian", "--allow-root", "--fail-on", "error,warning", "--suppress-tags"]
                    + [tags.joined(separator: ","), package.file.path]
            )
            #expect(result.status == 0, "\(result.output)")
        }
    }
}
