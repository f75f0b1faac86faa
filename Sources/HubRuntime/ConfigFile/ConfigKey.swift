/// The names that can stand in front of a `=`, as people write them.
enum ConfigKey: String, CaseIterable {
    // [Peer]
    case publicKey = "PublicKey"
    case allowedIPs = "AllowedIPs"
    case presharedKey = "PresharedKey"
    case endpoint = "Endpoint"
    case persistentKeepalive = "PersistentKeepalive"

    // [Interface]
    case privateKey = "PrivateKey"
    case listenPort = "ListenPort"
    case address = "Address"
    case mtu = "MTU"

    // [Interface], for wg-quick and the kernel: a hub has no routes, hooks or device to set up.
    case dns = "DNS"
    case table = "Table"
    case preUp = "PreUp"
    case postUp = "PostUp"
    case preDown = "PreDown"
    case postDown = "PostDown"
    case saveConfig = "SaveConfig"
    case fwMark = "FwMark"

    private static let spellings = allCases.map { (key: $0, bytes: Array($0.rawValue.utf8)) }

    /// In any mixture of upper and lower case.
    init?(_ name: ArraySlice<UInt8>) {
        let match = Self.spellings.first { spelling in
            spelling.bytes.count == name.count
                && zip(spelling.bytes, name).allSatisfy { $0 | 0x20 == $1 | 0x20 }
        }
        guard let match else { return nil }
        self = match.key
    }

    var section: ConfigLine.Section {
        switch self {
        case .publicKey, .allowedIPs, .presharedKey, .endpoint, .persistentKeepalive: .peer
        default: .interface
        }
    }

    var isActedOn: Bool {
        switch self {
        case .dns, .table, .preUp, .postUp, .preDown, .postDown, .saveConfig, .fwMark: false
        default: true
        }
    }
}
