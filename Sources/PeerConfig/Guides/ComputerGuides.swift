/// Systems with the app of wireguard.com, which reads a file.
extension PeerTunnel {
    var macOSSteps: [GuideStep] {
        [
            GuideStep(
                "Install WireGuard",
                "Install the app *WireGuard* from the Mac App Store:"
                    + " <https://apps.apple.com/app/wireguard/id1451685025>"
            ),
            configFileStep,
        ] + keySteps(in: "the file") + [
            GuideStep(
                "Connect",
                """
                Open WireGuard, choose *Import Tunnel(s) from File…*, and choose `\(fileName)`. macOS asks \
                whether the app may add a VPN configuration: allow it. Then select `\(interfaceName)` and \
                click *Activate*.
                """
            ),
            GuideStep(
                "Check",
                """
                In a terminal, the gateway answers; the app shows a latest handshake of some seconds ago.

                \(GuideText.block("sh", "ping -c 3 \(gatewayAddress)"))
                """
            ),
        ]
    }

    var windowsSteps: [GuideStep] {
        [
            GuideStep(
                "Install WireGuard",
                "Download the installer from <https://www.wireguard.com/install/> and run it. It needs"
                    + " the rights of an administrator."
            ),
            configFileStep,
        ] + keySteps(in: "the file") + [
            GuideStep(
                "Connect",
                """
                Open WireGuard, click *Import tunnel(s) from file*, and choose `\(fileName)`. Its name must \
                end in `.conf`: Notepad adds `.txt` unless *All files* is chosen as the type. Then select \
                `\(interfaceName)` and click *Activate*.
                """
            ),
            GuideStep(
                "Check",
                """
                In a command prompt, the gateway answers; the app shows a latest handshake of some seconds \
                ago.

                \(GuideText.block("bat", "ping \(gatewayAddress)"))
                """
            ),
        ]
    }
}
