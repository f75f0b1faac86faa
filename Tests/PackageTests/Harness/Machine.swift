import EndToEndSupport
import Foundation
import Glibc
import TestSupport

/// A Debian system of a test's own: the files of this one, with changes that are gone with it, its own
/// network, and systemd as its first process.
final class Machine {
    private let process: BackgroundProcess
    private let leader: String

    /// - Parameter shared: a folder that the machine sees, read only, as `/shared`.
    init(sharing shared: URL, logs: URL) async throws {
        let files = logs.appending(path: "machine").path
        try Command.require("mkdir", files)
        process = try BackgroundProcess(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", Self.start]
                + ["sh", files, shared.path],
            logs: logs,
            name: "machine"
        )
        let children = "/proc/\(process.id)/task/\(process.id)/children"
        let leader = try await eventual { [process] () -> String? in
            guard process.isRunning else { return "" }
            let child = try? String(contentsOfFile: children, encoding: .utf8)
                .trimmingCharacters(in: .whitespaces)
            // The child enters its own root last.
            guard let child, FileManager.default.fileExists(atPath: "/proc/\(child)/root/shared"),
                FileManager.default.fileExists(atPath: "/proc/\(child)/root/run/systemd/private")
            else { return nil }
            return child
        }
        guard let leader, !leader.isEmpty else {
            throw Command.Failure(
                description: "no machine has started: \(process.output) \(process.errors)"
            )
        }
        self.leader = leader
        try await waitUntilBooted()
        // A default route, which no packet takes.
        try require("ip", "link", "set", "lo", "up")
        try require("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth1")
        for link in ["eth0", "eth1"] { try require("ip", "link", "set", link, "up") }
        try require("ip", "address", "add", "192.0.2.2/24", "dev", "eth0")
        try require("ip", "route", "add", "default", "via", "192.0.2.1")
    }

    /// A policy of this machine may keep installations from starting services; what manages its network would take
    /// the interfaces over, and what is enabled here would start, or wait a minute for a network, in each test.
    private static let start = """
        set -e
        mount -t tmpfs machine "$1"
        mkdir "$1/upper" "$1/work" "$1/root"
        mount -t overlay machine -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
        rm -rf "$1/root/usr/sbin/policy-rc.d" "$1/root/etc/wgw" "$1/root/var/lib/private/wgw"
        rm -rf "$1/root/etc/systemd/system/"*.wants
        mkdir -p "$1/root/etc/systemd/system"
        for unit in NetworkManager systemd-networkd networking dhcpcd; do
            ln -sf /dev/null "$1/root/etc/systemd/system/$unit.service"
        done
        exec systemd-nspawn --quiet --register=no --keep-unit --boot --directory="$1/root" \\
            --machine="wgw-test-$$" --private-network --bind-ro="$2:/shared"
        """

    private func waitUntilBooted() async throws {
        let isBooted = try await eventually(every: .milliseconds(100)) {
            ["running", "degraded"].contains(
                try run("systemctl", "is-system-running").output.trimmingCharacters(in: .newlines)
            )
        }
        guard isBooted else { throw Command.Failure(description: "the machine does not boot") }
    }

    /// The kernel kills all processes of a machine with its first one. That one outlives systemd-nspawn.
    deinit {
        if let first = pid_t(leader) { kill(first, SIGKILL) }
        process.kill()
    }

    func run(_ words: String...) throws -> Command.Result { try Command.run(inside(words)) }

    @discardableResult
    func require(_ words: String...) throws -> String { try Command.require(inside(words)) }

    private func inside(_ words: [String]) -> [String] {
        ["nsenter", "--target", leader, "--all", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
            + ["LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"] + words
    }

    /// A property of the service, as `systemctl show` has it.
    func property(_ name: String) throws -> String {
        try require("systemctl", "show", "--value", "--property", name, "wgw.service")
            .trimmingCharacters(in: .newlines)
    }

    /// What is missing here, as a sentence; nil when nothing is.
    static let lacking: String? = {
        if let lacking = Privileges.lacking ?? DebianPackage.lacking { return lacking }
        guard (try? Command.run("which", "systemd-nspawn").status) == 0 else {
            return "systemd-nspawn is not installed; `make test` installs it."
        }
        return nil
    }()

    static let allowTests = lacking == nil || ContinuousIntegration.isOn
}
