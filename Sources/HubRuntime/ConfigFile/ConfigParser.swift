import NetAddress
import WireGuardCrypto

extension HubConfiguration {
    /// Reads the syntax of `wg setconf` and of wg-quick: a later value of a key replaces an earlier
    /// one, lists add up, and one prefix can be given to two peers, of which the later one gets it.
    /// Of two sections with one public key the later one changes what it names, and the peer has
    /// its AllowedIPs only.
    package init(parsing text: [UInt8]) throws(ConfigError) {
        do throws(ConfigErrors) {
            try self.init(checking: text, mostErrors: 1)
        } catch {
            throw error.first
        }
    }

    /// The same, with as many of its mistakes as are asked for, in the order of their lines.
    package init(checking text: [UInt8], mostErrors: Int) throws(ConfigErrors) {
        var parser = ConfigParser(text, mostErrors: mostErrors)
        self = try parser.parse()
    }
}

/// One pass over the lines of a config file.
private struct ConfigParser {
    /// A peer's section, as far as it was read.
    struct Draft {
        let line: Int
        let firstPrefix: Int
        var publicKey: PublicKey?
        var presharedKey: SecretKey?
        var endpoint: PeerEndpoint?
        var persistentKeepalive: Int?
        /// Whether the section has the key; its value may mean "none".
        var namesPresharedKey = false
        /// Whether it has that key, right or wrong.
        var namesPublicKey = false
    }

    private static let addressForm = "an address like 10.0.0.1/24 or 2001:db8::1/64"
    private static let prefixForm = "a network like 10.0.0.0/24 or 2001:db8::/64"
    private static let endpointForm = """
        an address and a port like 192.0.2.1:51820 or [2001:db8::1]:51820, or a host name and a port
        """
    private static let portForm = "a port from 0 to 65535, or the name of a UDP service"
    private static let mtuRange = 576...65_475
    private static let defaultMTU = 1420

    private let mostErrors: Int
    private var errors: [ConfigError] = []
    private var lines: ConfigLines
    private var section: ConfigLine.Section?
    /// The lines of a section of another name are passed over: what is wrong is its name.
    private var isInUnknownSection = false
    private var interfaceLine: Int?
    private var privateKey: SecretKey?
    private var namesPrivateKey = false
    private var listenPort: UInt16 = 0
    private var addresses: [InterfaceAddress] = []
    private var mtu: Int?
    private var dns: [String] = []
    private var table: String?
    private var draft: Draft?
    private var peers: [HubConfiguration.Peer] = []
    private var prefixes: [IPPrefix] = []
    /// Of the latest section with the key.
    private var indexOfKey: [PublicKey: Int] = [:]
    /// Indices of peers that the configuration leaves out.
    private var leftOut: Set<Int> = []
    private var ignoredKeys: [String] = []
    private var remarks: [String] = []

    init(_ text: [UInt8], mostErrors: Int) {
        self.mostErrors = mostErrors
        lines = ConfigLines(text)
    }

    mutating func parse() throws(ConfigErrors) -> HubConfiguration {
        guard !lines.isUTF16 else {
            let error = ConfigError(line: nil, "this file is UTF-16 text; save it as UTF-8")
            throw ConfigErrors(error)
        }
        while errors.count < mostErrors, let line = lines.next() {
            note { (parser) throws(ConfigError) in try parser.take(line) }
        }
        note { (parser) throws(ConfigError) in try parser.finishPeer() }
        var found: HubConfiguration?
        // A wrong private key was told where it stands: it is not missing.
        if privateKey != nil || !namesPrivateKey {
            note { (parser) throws(ConfigError) in found = try parser.configuration() }
        }
        // That a section lacks a key shows behind its last line.
        errors.sort { ($0.line ?? .max) < ($1.line ?? .max) }
        if let first = errors.first { throw ConfigErrors(first, errors.dropFirst()) }
        guard let found else { preconditionFailure("no configuration, and no error") }
        return found
    }

    private mutating func note(_ body: (inout ConfigParser) throws(ConfigError) -> Void) {
        do throws(ConfigError) {
            try body(&self)
        } catch {
            if errors.count < mostErrors { errors.append(error) }
        }
    }

    private mutating func take(_ line: ConfigLine) throws(ConfigError) {
        switch line {
        case .empty:
            break
        case .section(let next):
            try begin(next)
        case .setting(let name, let value):
            if !isInUnknownSection { try set(name, value) }
        case .unknownSection:
            isInUnknownSection = true
            throw error(Self.expected)
        case .other:
            throw error(Self.expected)
        }
    }

    private static let expected = "expected [Interface], [Peer] or a line like 'MTU = 1420'"

    private mutating func begin(_ next: ConfigLine.Section) throws(ConfigError) {
        defer {
            section = next
            isInUnknownSection = false
            switch next {
            case .interface: interfaceLine = interfaceLine ?? lines.number
            case .peer: draft = Draft(line: lines.number, firstPrefix: prefixes.count)
            }
        }
        try finishPeer()
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
        noteForClients(key, value)
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

    /// What has no effect on a gateway, and one on a client.
    private mutating func noteForClients(_ key: ConfigKey, _ value: ConfigValue) {
        switch key {
        case .dns: dns += value.words.map(\.text)
        case .table: table = value.text
        default: break
        }
    }

    private mutating func setInterface(
        _ key: ConfigKey,
        _ value: ConfigValue
    ) throws(Refusal) {
        switch key {
        case .privateKey:
            namesPrivateKey = true
            privateKey = try value.key(\.secretKey)
        case .listenPort:
            listenPort = try value.read(\.port, Self.portForm)
        case .mtu:
            let range = Self.mtuRange
            let form = "a number from \(range.lowerBound) to \(range.upperBound)"
            // wg-quick takes an empty value for the default.
            mtu = value.bytes.isEmpty ? nil : try value.read(in: range, form)
        default:
            for part in value.words {
                addresses.append(try part.read(\.interfaceAddress, Self.addressForm))
            }
        }
    }

    private mutating func setPeer(_ key: ConfigKey, _ value: ConfigValue) throws(Refusal) {
        switch key {
        case .publicKey:
            draft?.namesPublicKey = true
            draft?.publicKey = try value.key(\.publicKey)
        case .presharedKey:
            let presharedKey = try value.key(\.secretKey)
            // All zeros is how WireGuard writes "none".
            draft?.presharedKey = presharedKey.isZero ? nil : presharedKey
            draft?.namesPresharedKey = true
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
            // A wrong one was told where it stands.
            if draft.namesPublicKey { return }
            throw ConfigError(line: draft.line, "this [Peer] has no PublicKey")
        }
        var peer = HubConfiguration.Peer(
            publicKey: publicKey,
            presharedKey: draft.presharedKey,
            endpoint: draft.endpoint,
            persistentKeepalive: UInt16(clamping: draft.persistentKeepalive ?? 0),
            line: UInt32(clamping: draft.line),
            firstPrefix: UInt32(clamping: draft.firstPrefix),
            prefixCount: UInt32(clamping: prefixes.count - draft.firstPrefix)
        )
        if let index = indexOfKey.updateValue(peers.count, forKey: publicKey) {
            peer.fillIn(peers[index], behind: draft)
            leftOut.insert(index)
            remarks.append(
                """
                the [Peer] sections of lines \(peers[index].line) and \(draft.line) have the same \
                PublicKey: they are one peer, which has the AllowedIPs of the later section only
                """
            )
        }
        peers.append(peer)
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
        if !ignoredKeys.isEmpty {
            remarks.append(
                "\(ignoredKeys.joined(separator: ", ")): \(HubConfiguration.withoutEffect)"
            )
        }
        let own = X25519.publicKey(of: privateKey)
        if let index = indexOfKey[own] {
            remarks.append("the [Peer] of line \(peers[index].line) is this interface, left out")
            leftOut.insert(index)
        }
        removeLeftOut()
        return HubConfiguration(
            interface: HubConfiguration.Interface(
                privateKey: privateKey,
                listenPort: listenPort,
                addresses: addresses,
                mtu: mtu ?? Self.defaultMTU,
                namesMTU: mtu != nil,
                dns: dns,
                table: table
            ),
            peers: peers,
            prefixes: prefixes,
            ignoredKeys: ignoredKeys,
            remarks: remarks
        )
    }

    /// With their prefixes.
    private mutating func removeLeftOut() {
        guard !leftOut.isEmpty else { return }
        let (allPeers, allPrefixes) = (peers, prefixes)
        peers.removeAll(keepingCapacity: true)
        prefixes.removeAll(keepingCapacity: true)
        for (index, var peer) in allPeers.enumerated() where !leftOut.contains(index) {
            let range = peer.prefixRange
            peer.firstPrefix = UInt32(clamping: prefixes.count)
            prefixes += allPrefixes[range]
            peers.append(peer)
        }
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
        return "\(what) is not a key of a WireGuard config file; correct or remove it"
    }
}

extension HubConfiguration.Peer {
    /// Takes from an earlier section of the same peer what the later one does not name.
    fileprivate mutating func fillIn(_ earlier: Self, behind draft: ConfigParser.Draft) {
        if !draft.namesPresharedKey { presharedKey = earlier.presharedKey }
        if draft.persistentKeepalive == nil { persistentKeepalive = earlier.persistentKeepalive }
        endpoint = endpoint ?? earlier.endpoint
    }
}

/// Why a value is not taken.
private struct Refusal: Error {
    let reason: String
}

extension ConfigValue {
    /// The error shows no part of the value, which may be a part of a key.
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
