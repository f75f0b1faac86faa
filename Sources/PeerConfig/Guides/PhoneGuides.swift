/// Phones, which scan a QR code, or take a file that was sent to them.
extension PeerTunnel {
    var iOSSteps: [GuideStep] {
        phoneSteps(
            store: "Install the app *WireGuard* from the App Store:"
                + " <https://apps.apple.com/app/wireguard/id1441195209>",
            scan: "tap *+* and *Create from QR code*",
            open: "tap *+* and *Create from file or archive*",
            consent: "iOS asks whether the app may add a VPN configuration: allow it."
        )
    }

    var androidSteps: [GuideStep] {
        phoneSteps(
            store: "Install the app *WireGuard* from Google Play or F-Droid:"
                + " <https://play.google.com/store/apps/details?id=com.wireguard.android>",
            scan: "tap *+* and *Scan from QR code*",
            open: "tap *+* and *Import from file or archive*",
            consent:
                "At the first connection Android asks whether the app may set up a VPN: allow it."
        )
    }

    private func phoneSteps(
        store: String,
        scan: String,
        open: String,
        consent: String
    ) -> [GuideStep] {
        [
            GuideStep("Install WireGuard", store),
            GuideStep(
                "Bring the config to the phone",
                """
                The QR code of the config is shown once, together with the private key: by the portal, and in \
                an answer where the request has `include=qr`. `wgw peer config` with `--qr` prints it where the \
                private key is in a file. In the app, \(scan), point the camera at it, and name the \
                tunnel `\(interfaceName)`.

                Without a QR code, save these lines as a file with the name `\(fileName)` and send it to the \
                phone in a way that others cannot read, as it holds the private key. In the app, \(open).

                \(GuideText.block("ini", config(for: .wgQuick)))
                """
            ),
        ] + keySteps(in: "the file, or in the app under *Edit*") + [
            GuideStep("Connect", "Turn on the switch beside `\(interfaceName)`. \(consent)"),
            GuideStep(
                "Check",
                "Tap `\(interfaceName)`: the app shows a latest handshake of some seconds ago."
            ),
        ]
    }
}
