import EndToEndSupport
import Foundation
import TestSupport
import Testing

@Suite(
    "The package, installed",
    .serialized,
    .enabled(if: Machine.allowTests, "A machine needs root, systemd and systemd-nspawn."),
    .timeLimit(.minutes(10))
)
struct InstallationTests {
    @Test("an installed package runs in its sandbox, answers, reloads, stops, and leaves its data")
    func life() async throws {
        try await onMachine { machine, package in
            let said = try machine.require("dpkg", "--install", package)
            #expect(said.contains("Make a first peer and its config with: sudo wgw peer create"))
            #expect(try machine.property("ActiveState") == "active", "\(journal(machine))")
            #expect(try machine.property("UnitFileState") == "enabled")
            #expect(try machine.property("NRestarts") == "0")
            let status = try machine.property("StatusText")
            #expect(status.hasPrefix("API at http://127.0.0.1:8080/v2,"), "\(status)")
            let unit = "/usr/lib/systemd/system/wgw.service"
            #expect(try machine.require("systemd-analyze", "verify", unit) == "")

            try await carriesAGateway(machine)

            try machine.require("systemctl", "reload", "wgw")
            let isRead = try await eventually {
                try machine.property("StatusText") == "There was no certificate to be read again."
            }
            #expect(isRead)

            try machine.require("systemctl", "stop", "wgw")
            #expect(try machine.property("Result") == "success")
            let log = journal(machine)
            // What a system call filter or a missing capability would leave there.
            for word in ["Permission denied", "not permitted", "errno=", "was not told", "SIGSYS"] {
                #expect(!log.contains(word), "\(log)")
            }

            try machine.require("dpkg", "--remove", "wgw")
            #expect(try machine.run("test", "-e", "/etc/wgw/wgw.yaml").status == 0)
            let purged = try machine.require("dpkg", "--purge", "wgw")
            #expect(purged.contains("keys stay in /var/lib/private/wgw"))
            #expect(try machine.run("test", "-e", "/etc/wgw").status == 1)
            #expect(try machine.run("test", "-f", "/var/lib/private/wgw/master-key").status == 0)
            #expect(try machine.run("systemctl", "cat", "wgw").status != 0)
        }
    }

    /// The service's user has database and socket to itself; root finds both.
    private func carriesAGateway(_ machine: Machine) async throws {
        let processes = try machine.require("ps", "-o", "user=", "-C", "wgw")
        #expect(processes.trimmingCharacters(in: .whitespacesAndNewlines) != "root")
        for (path, mode) in [("/var/lib/private/wgw", "700"), ("/var/lib/wgw/api-key", "600")] {
            #expect(try machine.require("stat", "--format=%a", path) == "\(mode)\n")
        }
        let network = try machine.post("networks", #"{"name": "n"}"#)
        let id = try #require(network.firstMatch(of: /"id": *"([0-9a-f-]{36})"/)).1
        try machine.post(
            "wireguard_interfaces",
            #"{"network_id": "\#(id)", "region_code": "local", "name": "first"}"#
        )
        let isShown = try await eventually {
            try machine.run("wgw", "show").output.contains("listening port: 5000")
        }
        #expect(isShown, "\(journal(machine))")
    }

    @Test("an upgrade restarts the service, and keeps its settings and that it is disabled")
    func upgrade() async throws {
        try await onMachine { machine, package in
            try machine.require("dpkg", "--install", package)
            try machine.require(
                "sed",
                "--in-place",
                "s/^#region: .*/region: fra/",
                "/etc/wgw/wgw.yaml"
            )
            let first = try machine.property("MainPID")
            let said = try machine.require("dpkg", "--force-confdef", "--install", package)
            #expect(!said.contains("first peer"))
            #expect(try machine.property("ActiveState") == "active", "\(journal(machine))")
            #expect(try machine.property("MainPID") != first)
            #expect(try machine.post("networks", #"{"name": "n"}"#).contains("\"id\""))
            let regions = try machine.get("regions")
            #expect(regions.contains("\"fra\""), "\(regions)")

            try machine.require("systemctl", "disable", "--now", "wgw")
            try machine.require("dpkg", "--install", package)
            #expect(try machine.property("UnitFileState") == "disabled")
        }
    }

    @Test("the drop-in for egress gives the service what the package's unit alone refuses")
    func egress() async throws {
        try await onMachine { machine, package in
            try machine.require("dpkg", "--install", package)
            // Commands that the service runs in its sandbox before it starts.
            try machine.require(
                "sh",
                "-c",
                """
                mkdir -p /etc/systemd/system/wgw.service.d
                cat >/etc/systemd/system/wgw.service.d/trial.conf <<'END'
                [Service]
                ExecStartPre=ip tuntap add mode tun name wgwtrial
                ExecStartPre=nft add table inet wgw_trial
                ExecStartPre=sh -c 'echo 1 >/proc/sys/net/ipv4/conf/wgwtrial/forwarding'
                ExecStartPre=nft delete table inet wgw_trial
                ExecStartPre=ip tuntap del mode tun name wgwtrial
                END
                systemctl daemon-reload
                """
            )
            #expect(try machine.run("systemctl", "restart", "wgw").status != 0)

            let dropIn = "/etc/systemd/system/wgw.service.d/egress.conf"
            try machine.require("install", "-D", "-m", "644", "/usr/share/wgw/egress.conf", dropIn)
            try machine.require("systemctl", "daemon-reload")
            try machine.require("systemctl", "reset-failed", "wgw")
            let started = try machine.run("systemctl", "restart", "wgw")
            #expect(started.status == 0, "\(journal(machine))")
            let processes = try machine.require("ps", "-o", "user=", "-C", "wgw")
            #expect(processes.trimmingCharacters(in: .whitespacesAndNewlines) != "root")
            // CAP_NET_ADMIN alone, bit 12.
            let capabilities = try machine.require(
                "sh",
                "-c",
                "grep -E 'Cap(Eff|Bnd|Amb)' /proc/$(systemctl show -P MainPID wgw)/status"
            )
            let masks = capabilities.split(separator: "\n").map { $0.split(separator: "\t").last }
            #expect(masks == [Substring?](repeating: "0000000000001000", count: 3))
        }
    }

    private func journal(_ machine: Machine) -> String {
        (try? machine.run("journalctl", "--no-pager", "--unit", "wgw").output) ?? ""
    }

    private func onMachine(_ body: (Machine, _ package: String) async throws -> Void) async throws {
        if let lacking = Machine.lacking { throw Command.Failure(description: lacking) }
        try await TemporaryDirectory.with { folder in
            let package = try DebianPackage(in: folder)
            let machine = try await Machine(sharing: folder, logs: folder)
            try await body(machine, "/shared/\(package.file.lastPathComponent)")
        }
    }
}

extension Machine {
    /// The API, called by root with the key that the first start made.
    @discardableResult
    fileprivate func post(_ path: String, _ body: String) throws -> String {
        try curl(path, "--header 'Content-Type: application/json' --data '\(body)'")
    }

    fileprivate func get(_ path: String) throws -> String { try curl(path, "") }

    private func curl(_ path: String, _ more: String) throws -> String {
        try require(
            "sh",
            "-c",
            """
            curl --silent --show-error --fail-with-body http://127.0.0.1:8080/v2/\(path) \
            --header "Authorization: Bearer $(cat /var/lib/wgw/api-key)" \(more)
            """
        )
    }
}
