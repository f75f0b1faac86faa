import EndToEndSupport
import Foundation
import TestSupport
import Testing

/// A host that the tunnel's clients reach through their gateways only:
///
///     the server's host ── router ── the service's host
///                            │
///                   hosts of clients, where tests want that
///
/// The router drops what is for the service and comes in another name than that of the server's host.
final class ServiceHost {
    let host: Namespace
    /// In whose name the router says that a packet's hops are used up. It is in the prefix of a service:
    /// WireGuard clients drop what comes from an address that their config does not name.
    static let routerAddress = "192.0.2.130"
    private let router: Link
    private let logs: URL
    private var webServer: BackgroundProcess?

    /// - Parameter addresses: one in each prefix that leads here.
    init(_ addresses: KeyValuePairs<String, String>, on topology: Topology, logs: URL) throws {
        self.logs = logs
        router = try topology.addHost("router")
        let link = try topology.addHost("service", behind: router.client)
        host = link.client
        try router.client.run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        try router.client.run(
            "nft",
            "-f",
            "-",
            input: """
                table ip router {
                    counter direct { }
                    chain forward {
                        type filter hook forward priority filter; policy accept;
                        oifname "link\(link.number)" \
                        ip saddr != { 10.201.\(router.number).1, \(Topology.endpointAddress) } counter name "direct" drop
                    }
                }

                """
        )
        try router.client.run("ip", "address", "add", "\(Self.routerAddress)/32", "dev", "lo")
        try router.client.run(
            "sh",
            "-c",
            "ip route replace 10.201.\(router.number).0/30 dev eth0 src \(Self.routerAddress)"
        )
        try topology.server.run("ip", "route", "add", "default", "via", router.address)
        try router.client.run(
            "ip",
            "route",
            "add",
            "\(Topology.endpointAddress)/32",
            "via",
            "10.201.\(router.number).1",
            "src",
            Self.routerAddress
        )
        for (prefix, address) in addresses {
            try host.run("ip", "address", "add", "\(address)/32", "dev", "lo")
            try router.client.run("ip", "route", "add", prefix, "via", link.address)
            try topology.server.run("ip", "route", "add", prefix, "via", router.address)
        }
    }

    /// Moves a client's host from the server's to the router: whatever it sends passes there.
    func connect(_ client: Link) throws {
        let (here, there) = ("10.203.\(client.number).1", "10.203.\(client.number).2")
        try client.client.run("ip", "link", "set", "eth0", "down")
        try router.client.run(
            "sh",
            "-c",
            "ip link add wan\(client.number) type veth peer name wan netns \(client.client.name)"
        )
        try router.client.run("ip", "address", "add", "\(here)/30", "dev", "wan\(client.number)")
        try router.client.run("ip", "link", "set", "wan\(client.number)", "up")
        try client.client.run("ip", "address", "add", "\(there)/30", "dev", "wan")
        try client.client.run("ip", "link", "set", "wan", "up")
        try client.client.run("ip", "route", "replace", "default", "via", here)
    }

    /// How many packets the router has dropped that came directly.
    func directDrops() throws -> Int {
        let text = try router.client.run("nft", "list", "counter", "ip", "router", "direct")
        return try #require(text.firstMatch(of: /packets (\d+)/).flatMap { Int($0.1) })
    }

    /// How many echo requests have come here from an address.
    func countEchoes(from source: String) throws -> () throws -> Int {
        let name = "echo_" + source.replacing(".", with: "_")
        try host.run(
            "nft",
            "-f",
            "-",
            input: """
                table ip \(name) {
                    counter seen { }
                    chain input {
                        type filter hook input priority filter; policy accept;
                        ip saddr \(source) icmp type echo-request counter name "seen"
                    }
                }

                """
        )
        return { [host] in
            let text = try host.run("nft", "list", "counter", "ip", name, "seen")
            return try #require(text.firstMatch(of: /packets (\d+)/).flatMap { Int($0.1) })
        }
    }

    /// Lets no larger packets pass between the server's host and the router.
    func narrow(to mtu: Int) throws {
        try router.server.run("ip", "link", "set", router.device, "mtu", "\(mtu)")
        try router.client.run("ip", "link", "set", "eth0", "mtu", "\(mtu)")
    }

    /// Starts a web server with a file of twenty megabytes, which also tells the checksum of what it is sent.
    func serveWeb(at address: String) async throws -> WebSite {
        let root = logs.appending(path: "web")
        let programs = root.appending(path: "cgi-bin")
        try FileManager.default.createDirectory(at: programs, withIntermediateDirectories: true)
        let file = root.appending(path: "large")
        try Command.require("dd", "if=/dev/urandom", "of=\(file.path)", "bs=1M", "count=20")
        let program = programs.appending(path: "checksum").path
        let text = "#!/bin/sh\nprintf 'content-type: text/plain\\r\\n\\r\\n'\nexec sha256sum\n"
        try Data(text.utf8).write(to: URL(filePath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        webServer = try BackgroundProcess(
            host.command(["busybox", "httpd", "-f", "-p", "\(address):8000", "-h", root.path]),
            logs: logs,
            name: "httpd"
        )
        let site = WebSite(
            file: file,
            url: "http://\(address):8000",
            checksum: try Command.require("sh", "-c", "sha256sum < \(file.path)")
        )
        let isUp = try await eventually {
            try self.host.attempt("curl", "-sf", "-r", "0-1", "\(site.url)/large").status == 0
        }
        guard isUp else { throw Command.Failure(description: "no web server at \(address)") }
        return site
    }

    /// Whether a datagram of so many bytes comes back from here as it was sent, in fragments where it must.
    func echoes(bytes count: Int, at address: String, to client: Namespace) async throws -> Bool {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let port = try await NamespaceThread.run(in: host.name) { try UDPEcho.serve(at: address) }
        return try await NamespaceThread.run(in: client.name) {
            try UDPEcho.exchange(bytes, with: address, port) == bytes
        }
    }
}

/// A web server's large file, and the line that sha256sum writes of it.
struct WebSite {
    let file: URL
    let url: String
    let checksum: String

    func checksumOfDownload(by client: Namespace) throws -> String {
        try client.run("sh", "-c", "curl --silent --max-time 120 \(url)/large | sha256sum")
    }

    /// As the other side saw it.
    func checksumOfUpload(by client: Namespace) throws -> String {
        try client.run(
            "curl",
            "--silent",
            "--max-time",
            "120",
            "--header",
            "Expect:",
            "--data-binary",
            "@\(file.path)",
            "\(url)/cgi-bin/checksum"
        )
    }
}
