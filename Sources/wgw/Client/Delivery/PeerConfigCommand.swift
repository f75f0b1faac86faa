import APIContract
import ArgumentParser
import CommandLineProgram
import GatewayClient
import PeerConfig

/// `wgw peer config`.
struct PeerConfigCommand: ClientCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print what a peer's device needs to connect.",
        discussion: """
            The server does not keep the private key of a peer: a placeholder stands for it, unless \
            --private-key names the file that has it. The key stays on this machine.
            """
    )

    @Argument(help: "The peer, by name or id.", completion: .names(of: PeerNoun.self))
    var peer: String

    @Option(
        help: ArgumentHelp(
            ConfigFormat.list,
            discussion: """
                mikrotik and openwrt are commands for the router. systemd-networkd is two files, each with \
                its path in its first line.
                """,
            valueName: "format"
        ),
        completion: .list(ConfigFormat.allCases.map(\.rawValue))
    )
    var format: ConfigFormat = .wgQuick

    @Option(
        help: ArgumentHelp(
            "A file with the peer's private key on its one line.",
            valueName: "file"
        ),
        completion: .file()
    )
    var privateKey: String?

    @Flag(help: "Send everything through the tunnel, where the network has a way out.")
    var fullTunnel = false

    @Flag(help: "Print a QR code for a phone; it needs --private-key.")
    var qr = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Write the config to this file, which only you may read.",
            valueName: "file"
        ),
        completion: .file()
    )
    var output: String?

    @Flag(help: "Replace the file where it exists, with the private key that may be in it.")
    var force = false

    @OptionGroup(title: "Server")
    var server: ServerOptions

    func validate() throws {
        if qr, privateKey == nil {
            throw ValidationError(
                "a QR code holds the private key; name the file that has it with --private-key"
            )
        }
        if qr, format != .wgQuick {
            throw ValidationError("phones scan the format wg-quick only; leave --format out")
        }
        if qr, output != nil {
            throw ValidationError("a QR code is for the terminal; leave out --qr or --output")
        }
        if force, output == nil {
            throw ValidationError("--force replaces the file that --output names; name one")
        }
        if format == .networkd, output != nil {
            throw ValidationError(
                "systemd-networkd takes two files; leave --output out, and save each under the path in its first line"
            )
        }
    }

    func run(_ client: GatewayClient) async throws {
        let file = try output.map { try DraftFile($0, replacing: force) }
        let peer = try await PeerNoun.find(peer, client)
        let key = try privateKey.map { try PeerPrivateKey.inFile($0, of: peer) }
        let config = try await PeerConfigText.read(
            of: peer.id,
            key,
            client,
            query: [("format", format.rawValue), ("full_tunnel", "\(fullTunnel)")]
        )
        if qr {
            try OutputFile.standardOutput.write(try QRCodeText.of(config, on: .output))
        } else if let file {
            try file.write(Array(config.utf8))
            try file.publish()
        } else {
            try OutputFile.standardOutput.write(config)
        }
        for remark in remarks(on: config) {
            try OutputFile.standardError.write(sentence: remark)
        }
    }

    /// What the config still needs.
    private func remarks(on config: String) -> [String] {
        var remarks: [String] = []
        if fullTunnel, !config.contains("0.0.0.0/0") {
            remarks.append(
                "The peer has no way out of its network, so that this config does not send everything through the tunnel: make one with wgw internet-gateway create or wgw network default-gateway."
            )
        }
        if config.contains(Placeholder.privateKey) {
            remarks.append(
                "The private key is missing, as only its owner has it: put it in place of '\(Placeholder.privateKey)', or name the file that has it with --private-key."
            )
        }
        if config.contains(Placeholder.presharedKey) {
            remarks.append(
                "The preshared key is missing, as this API key may not see it: ask with the key of a member."
            )
        }
        return remarks
    }
}

extension ConfigFormat: ExpressibleByArgument {
    fileprivate static let list = allCases.map(\.rawValue).joined(separator: ", ") + "."
}
