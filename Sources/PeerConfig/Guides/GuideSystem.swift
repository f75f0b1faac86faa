/// The systems that a guide leads through.
package enum GuideSystem: String, CaseIterable, Sendable {
    case linux
    case macOS = "macos"
    case windows
    case iOS = "ios"
    case android
    case openWrt = "openwrt"
    case mikroTik = "mikrotik"

    /// As its maker spells it.
    package var name: String {
        switch self {
        case .linux: "Linux"
        case .macOS: "macOS"
        case .windows: "Windows"
        case .iOS: "iPhone and iPad"
        case .android: "Android"
        case .openWrt: "OpenWrt"
        case .mikroTik: "MikroTik RouterOS"
        }
    }
}

extension PeerTunnel {
    /// What a person does to connect this peer, step by step, in Markdown.
    package func guide(for system: GuideSystem) -> String {
        let steps =
            switch system {
            case .linux: linuxSteps
            case .macOS: macOSSteps
            case .windows: windowsSteps
            case .iOS: iOSSteps
            case .android: androidSteps
            case .openWrt: openWrtSteps
            case .mikroTik: mikroTikSteps
            }
        let peer = peerName.map { "the peer \(GuideText.plain($0))" } ?? "the peer \(address)"
        let opening = """
            # \(system.name): connect to \(GuideText.plain(networkName))

            This connects \(peer), which has the address `\(address)` in the tunnel. \(reach)
            """
        let numbered = steps.enumerated().map { index, step in
            "## \(index + 1). \(step.title)\n\n\(step.text)"
        }
        return ([opening] + numbered + [help(on: system)]).joined(separator: "\n\n") + "\n"
    }

    private var reach: String {
        sendsEverything
            ? "Everything that the device sends goes through the tunnel."
            : "What goes to \(GuideText.list(allowedPrefixes.map { "`\($0)`" })) goes through the"
                + " tunnel; all else goes as before."
    }

    private func help(on system: GuideSystem) -> String {
        """
        ## If nothing answers

        - There is no handshake: the network that the device is in has to let UDP out to `\(endpoint)`, and \
        the private key in the config has to be the one that belongs to the public key of this peer. A \
        private key that was lost is replaced by a new one: `wgw peer update \(peerID) --new-key` prints \
        a config with it.
        - There is a handshake, and then silence: packets are taken from the address `\(address)` only, so \
        what is behind the device has to leave it with that address.
        """
    }
}
