import NetAddress
import WireGuardCrypto

extension HubConfiguration {
    /// Reads the syntax of `wg setconf` and of wg-quick: a later value of a key replaces an earlier
    /// one, lists add up, and one prefix can be given to two peers, of which the later one gets it.
    package init(parsing text: [UInt8]) throws(ConfigError) {
        var parser = ConfigParser(text)
        self = try parser.parse()
    }
}

/// One pass over the lines of a config file.
private struct ConfigParser {
    /// A peer's section, as far as it was read.
    private struct Draft {
        let line: Int
        let firstPrefix: Int
        var publicKey: PublicKey?
        var presharedKey: SecretKey?
        var endpoint: PeerEndpoint?
        var persistentKeepalive = 0
    }

    private static let addressForm = "an address like 10.0.0.1/24 or 2001:db8::1/64"
    private static let prefixForm = "a network like 10.0.0.0/24 or 2001:db8::/64"
    private static let endpointForm = """
        an address and a port like 192.0.2.1:51820 or [2001:db8::1]:51820, or a host name and a port
        """
    private static let mtuRange = 576...65_475

    private var lines: ConfigLines
    private var section: ConfigLine.Section?
    private var interfaceLine: Int?
    private var privateKey: SecretKey?
    private var listenPort = 0
    private var addresses: [InterfaceAddress] = []
    private var mtu = 1420
    private var draft: Draft?
    private var peers: [HubConfiguration.Peer] = []
    private var prefixes: [IPPrefix] = []
    private var lineOfKey: [PublicKey: UInt32] = [:]
    private var ignoredKeys: [String] = []

    init(_ text: [UInt8]) {
        lines = ConfigLines(text)
    }

    mutating func parse() throws(ConfigError) -> HubConfiguration {
        while let line = lines.next() {
            switch line {
            case .empty:
                continue
            case .section(let next):
                try begin(next)
            case .setting(let name, let value):
                try set(name, ConfigValue(bytes: value))
            case .other:
                throw error("expected [Interface], [Peer] or a line like 'MTU = 1420'")
            }
        }
        try finishPeer()
        return try configuration()
    }

    private mutating func begin(_ next: ConfigLine.Section) throws(ConfigError) {
        try finishPeer()
        section = next
        switch next {
        case .interface: interfaceLine = interfaceLine ?? lines.number
        case .peer: draft = Draft(line: lines.number, firstPrefix: prefixes.count)
        }
    }

    private mutating func set(
        _ name: ArraySlice<UInt8>,
        _ value: ConfigValue
    ) throws(ConfigError) {
        guard let key = ConfigKey(name) else { throw error(Self.unknown(name)) }
        guard let section else {
            throw error("\(key.rawValue) stands in no section; begin with \(key.section.rawValue)")
        }
        guard section == key.section else {
            throw error(
                "\(key.rawValue) belongs in \(key.section.rawValue), not in \(section.rawValue)"
            )
        }
        guard key.isActedOn else {
            if !ignoredKeys.contains(key.rawValue) { ignoredKeys.append(key.rawValue) }
            return
        }
        do throws(Refusal) {
            switch section {
            case .interface: try setInterface(key, value)
            case .peer: try setPeer(key, value)
            }
        } catch {
            throw self.error("\(key.rawValue): \(error.reason)")
        }
    }

    private mutating func setInterface(
        _ key: ConfigKey,
        _ value: ConfigValue
    ) throws(Refusal) {
        switch key {
        case .privateKey:
            privateKey = try value.key(\.secretKey)
        case .listenPort:
            listenPort = try value.read(in: 0...65_535, "a port from 0 to 65535")
        case .mtu:
            let range = Self.mtuRange
            mtu = try value.read(
                in: range,
                "a number from \(range.lowerBound) to \(range.upperBound)"
            )
        default:
            for part in value.list {
                addresses.append(try part.read(\.interfaceAddress, Self.addressForm))
            }
        }
    }

    private mutating func setPeer(_ key: ConfigKey, _ value: ConfigValue) throws(Refusal) {
        switch key {
        case .publicKey:
            draft?.publicKey = try value.key(\.publicKey)
        case .presharedKey:
            let presharedKey = try value.key(\.secretKey)
            // All zeros is how WireGuard writes "none".
            draft?.presharedKey = presharedKey.isZero ? nil : presharedKey
        case .endpoint:
            draft?.endpoint = try value.read(\.endpoint, Self.endpointForm)
        case .persistentKeepalive:
            draft?.persistentKeepalive =
                value.isOff ? 0 : try value.read(in: 0...65_535, "seconds up to 65535, or off")
        default:
            for part in value.list { prefixes.append(try part.read(\.prefix, Self.prefixForm)) }
        }
    }

    private mutating func finishPeer() throws(ConfigError) {
        guard let draft else { return }
        self.draft = nil
        guard let publicKey = draft.publicKey else {
            throw ConfigError(line: draft.line, "this [Peer] has no PublicKey")
        }
        if let other = lineOfKey.updateValue(UInt32(clamping: draft.line), forKey: publicKey) {
            throw ConfigError(
                line: draft.line,
                "PublicKey: the [Peer] of line \(other) has the same; a key names one peer"
            )
        }
        peers.append(
            HubConfiguration.Peer(
                publicKey: publicKey,
                presharedKey: draft.presharedKey,
                endpoint: draft.endpoint,
                persistentKeepalive: UInt16(clamping: draft.persistentKeepalive),
                line: UInt32(clamping: draft.line),
                firstPrefix: UInt32(clamping: draft.firstPrefix),
                prefixCount: UInt32(clamping: prefixes.count - draft.firstPrefix)
            )
        )
    }

    private mutating func configuration() throws(ConfigError) -> HubConfiguration {
        guard let privateKey, !privateKey.isZero else {
            throw ConfigError(
                line: interfaceLine,
                interfaceLine == nil
                    ? "there is no [Interface] section with a PrivateKey"
                    : "this [Interface] has no PrivateKey; wg genkey makes one"
            )
        }
        var remarks: [String] = []
        if !ignoredKeys.isEmpty {
            remarks.append("\(ignoredKeys.joined(separator: ", ")): without effect on a hub")
        }
        let own = X25519.publicKey(of: privateKey)
        if let index = peers.firstIndex(where: { $0.publicKey == own }) {
            remarks.append("the [Peer] of line \(peers[index].line) is this interface, left out")
            peers.remove(at: index)
        }
        return HubConfiguration(
            interface: HubConfiguration.Interface(
                privateKey: privateKey,
                listenPort: UInt16(clamping: listenPort),
                addresses: addresses,
                mtu: mtu
            ),
            peers: peers,
            prefixes: prefixes,
            remarks: remarks
        )
    }

    private func error(_ reason: String) -> ConfigError {
        ConfigError(line: lines.number, reason)
    }

    /// Names the key, unless it may be the beginning of a secret that lost its own.
    private static func unknown(_ name: ArraySlice<UInt8>) -> String {
        let isWord =
            name.count <= 20
            && name.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
            }
        let what = isWord ? "'\(String(decoding: name, as: UTF8.self))'" : "this"
        return "\(what) is no key of a WireGuard config file; correct or remove it"
    }
}

/// Why a value is not taken.
private struct Refusal: Error {
    let reason: String
}

extension ConfigValue {
    /// An error shows nothing of it: a part of a key is a part of a key.
    fileprivate func key<Key>(_ property: (ConfigValue) -> Key?) throws(Refusal) -> Key {
        guard let key = property(self) else {
            throw Refusal(reason: "expected a key of 44 base64 characters, as wg genkey prints it")
        }
        return key
    }

    fileprivate func read<Value>(
        _ property: (ConfigValue) -> Value?,
        _ form: @autoclosure () -> String
    ) throws(Refusal) -> Value {
        guard let value = property(self) else {
            throw Refusal(reason: "expected \(form()), not \(quoted)")
        }
        return value
    }

    fileprivate func read(
        in range: ClosedRange<Int>,
        _ form: @autoclosure () -> String
    ) throws(Refusal) -> Int {
        try read({ $0.number(in: range) }, form())
    }
}

extension SecretKey {
    fileprivate var isZero: Bool {
        withBytes { $0.reduce(0, |) == 0 }
    }
}
