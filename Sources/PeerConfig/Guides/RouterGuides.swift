/// Routers, which connect a whole site. To the network the site is the one address of this peer, so what
/// is behind the router leaves it with that address.
extension PeerTunnel {
    /// What the firewalls of OpenWrt take as the name of a zone.
    private static let longestZoneName = 11

    var openWrtSteps: [GuideStep] {
        [
            GuideStep(
                "Install WireGuard",
                """
                In a shell of the router (`ssh root@192.168.1.1`):

                \(GuideText.block(
                    "sh",
                    """
                    # Up to 24.10
                    opkg update && opkg install wireguard-tools luci-proto-wireguard
                    # From 25.12 on
                    apk update && apk add wireguard-tools luci-proto-wireguard
                    """
                ))
                """
            )
        ] + keySteps(in: "the lines of the next step") + [
            GuideStep(
                "Add the interface",
                """
                \(GuideText.block("sh", config(for: .openWrt)))

                These lines may be given again: they replace what they made before.
                """
            ),
            GuideStep(
                "Let the devices behind the router use it",
                """
                \(GuideText.block("sh", firewallCommands))

                Nothing is let in from the tunnel by this. Leave the step out where only the router itself is \
                to be connected.
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
                    wg show \(sectionName)
                    """
                ))
                """
            ),
        ]
    }

    private var firewallCommands: String {
        let zone = "firewall.\(sectionName)"
        let forwarding = "firewall.\(sectionName)_lan"
        let name = sectionName.prefix(Self.longestZoneName)
        return """
            uci -q delete \(zone)
            uci -q delete \(forwarding)
            uci set \(zone)='zone'
            uci set \(zone).name='\(name)'
            uci set \(zone).network='\(sectionName)'
            uci set \(zone).input='REJECT'
            uci set \(zone).output='ACCEPT'
            uci set \(zone).forward='REJECT'
            uci set \(zone).masq='1'
            uci set \(zone).mtu_fix='1'
            uci set \(forwarding)='forwarding'
            uci set \(forwarding).src='lan'
            uci set \(forwarding).dest='\(name)'
            uci commit firewall
            service firewall restart
            """
    }

    var mikroTikSteps: [GuideStep] {
        [
            GuideStep(
                "Open a terminal of the router",
                "Use SSH, or *New Terminal* in WinBox or WebFig. RouterOS 7 or later is needed"
                    + " (`/system resource print` shows the version)."
            )
        ] + keySteps(in: "the lines of the next step") + [
            GuideStep(
                "Add the interface",
                """
                \(GuideText.block("routeros", config(for: .mikroTik)))

                Given a second time, the first line fails, as the interface is there. To begin again, first \
                remove it with its peer, address and routes.
                """
            ),
            GuideStep(
                "Let the devices behind the router use it",
                """
                \(GuideText.block(
                    "routeros",
                    "/ip firewall nat add chain=srcnat action=masquerade"
                        + " out-interface=\"\(interfaceName)\""
                ))

                Leave the step out where only the router itself is to be connected.
                """
            ),
            GuideStep(
                "Check",
                """
                The gateway answers, and the peer has a last handshake of some seconds ago.

                \(GuideText.block(
                    "routeros",
                    """
                    /ping \(gatewayAddress) count=3
                    /interface wireguard peers print detail where interface="\(interfaceName)"
                    """
                ))
                """
            ),
        ]
    }
}
