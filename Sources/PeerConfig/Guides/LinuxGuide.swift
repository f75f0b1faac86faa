extension PeerTunnel {
    var linuxSteps: [GuideStep] {
        let path = "/etc/wireguard/\(fileName)"
        return [
            GuideStep(
                "Install WireGuard",
                GuideText.block(
                    "sh",
                    """
                    # Debian, Ubuntu
                    sudo apt install wireguard-tools
                    # Fedora, RHEL
                    sudo dnf install wireguard-tools
                    # Arch
                    sudo pacman -S wireguard-tools
                    """
                )
            ),
            GuideStep(
                "Save the config",
                """
                The file is for root alone, as it will hold the private key.

                \(GuideText.block(
                    "sh",
                    """
                    sudo install -m 600 /dev/null \(path)
                    sudo tee \(path) >/dev/null <<'END'
                    \(config(for: .wgQuick))END
                    """
                ))
                """
            ),
        ] + keySteps(in: "`\(path)` (`sudoedit \(path)`)") + [
            GuideStep(
                "Connect",
                """
                \(GuideText.block("sh", "sudo wg-quick up \(interfaceName)"))

                To connect at every start of the machine, and to disconnect:

                \(GuideText.block(
                    "sh",
                    """
                    sudo systemctl enable wg-quick@\(interfaceName)
                    sudo wg-quick down \(interfaceName)
                    """
                ))
                """
            ),
            GuideStep(
                "Check",
                """
                The gateway answers, and `wg` shows a latest handshake of some seconds ago.

                \(GuideText.block(
                    "sh",
                    """
                    ping -c 3 \(gatewayAddress)
                    sudo wg show \(interfaceName)
                    """
                ))

                Where NetworkManager or systemd-networkd manages the network, the same config comes in their \
                formats: on the peer's page of the portal, and from `wgw peer config` with \
                `--format networkmanager` or `--format systemd-networkd`.
                """
            ),
        ]
    }
}
