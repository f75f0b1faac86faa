/// What a config is written for.
package enum ConfigFormat: String, CaseIterable, Sendable {
    case wgQuick = "wg-quick"
    case wgSetconf = "wg-setconf"
    case networkd = "systemd-networkd"
    case networkManager = "networkmanager"
    case mikroTik = "mikrotik"
    case openWrt = "openwrt"
}

extension PeerTunnel {
    package func config(for format: ConfigFormat) -> String {
        switch format {
        case .wgQuick: wgQuick
        case .wgSetconf: wgSetconf
        case .networkd: networkd
        case .networkManager: networkManager
        case .mikroTik: mikroTik
        case .openWrt: openWrt
        }
    }
}
