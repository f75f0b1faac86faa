import Foundation
import PeerConfig
import TestSupport
import Testing

struct OpenWrtTests {
    @Test("OpenWrt gets the interface and its peer as uci commands")
    func commands() throws {
        #expect(
            try PeerTunnel.complete().config(for: .openWrt) == """
                uci -q delete network.wg_office
                uci -q delete network.wg_office_gateway
                uci set network.wg_office='interface'
                uci set network.wg_office.proto='wireguard'
                uci set network.wg_office.private_key='\(ExampleKey.privateKey)'
                uci set network.wg_office.mtu='1420'
                uci add_list network.wg_office.addresses='172.27.0.2/32'
                uci set network.wg_office_gateway='wireguard_wg_office'
                uci set network.wg_office_gateway.description='office (laptop)'
                uci set network.wg_office_gateway.public_key='\(ExampleKey.gateway)'
                uci set network.wg_office_gateway.preshared_key='\(ExampleKey.preshared)'
                uci set network.wg_office_gateway.endpoint_host='64.16.243.3'
                uci set network.wg_office_gateway.endpoint_port='5107'
                uci set network.wg_office_gateway.persistent_keepalive='25'
                uci set network.wg_office_gateway.route_allowed_ips='1'
                uci add_list network.wg_office_gateway.allowed_ips='172.27.0.0/24'
                uci add_list network.wg_office_gateway.allowed_ips='172.27.1.0/24'
                uci commit network
                ifup wg_office

                """
        )
    }

    /// `uci` and `ifup` are functions of the shell here that print their arguments.
    @Test("a shell reads a hostile name back as it was given", arguments: hostileNames)
    func quoting(name: String) throws {
        let tunnel = try PeerTunnel.example(peerName: name, networkName: name)
        let script = """
            uci() { printf '%s|' "$@"; echo; }
            ifup() { printf '%s|' "$@"; echo; }
            reboot() { echo broken out; }
            \(tunnel.config(for: .openWrt))
            """
        let lines = try Command.require("sh", "-eu", input: script).split(separator: "\n")
        #expect(lines.count == tunnel.config(for: .openWrt).split(separator: "\n").count)
        let described = lines.filter { $0.contains(".description=") }
        #expect(described.count == 1)
        #expect(described.first?.hasSuffix(".description=\(tunnel.label)|") == true)
        #expect(described.first?.hasPrefix("set|network.") == true)
    }
}
