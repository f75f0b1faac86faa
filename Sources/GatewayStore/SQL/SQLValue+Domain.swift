package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

/// A type whose text is what is stored: readable in a database shell, the same in both engines.
package protocol SQLText: SQLColumn, CustomStringConvertible {
    init?(sqlText: String)
}

extension SQLText {
    package var sqlValue: SQLValue {
        .text(description)
    }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.init(sqlText: text)
    }
}

extension SQLText where Self: LosslessStringConvertible {
    package init?(sqlText: String) {
        self.init(sqlText)
    }
}

extension Identifier: SQLText {}
extension PublicHost: SQLText {}
extension Endpoint: SQLText {}
extension PortRange: SQLText {}

extension IPv4Prefix: SQLText {
    package init?(sqlText: String) {
        guard let prefix = try? IPv4Prefix(sqlText) else { return nil }
        self = prefix
    }
}

extension IPPrefix: SQLText {
    package init?(sqlText: String) {
        guard let prefix = try? IPPrefix(sqlText) else { return nil }
        self = prefix
    }
}

extension PublicKey: SQLText {
    package init?(sqlText: String) {
        self.init(base64: sqlText)
    }
}

/// A word of a list is stored as it is spelled.
extension SQLColumn where Self: RawRepresentable, RawValue == String {
    package var sqlValue: SQLValue {
        .text(rawValue)
    }

    package init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.init(rawValue: text)
    }
}

extension InterfaceStatus: SQLColumn {}
extension Role: SQLColumn {}
extension Event.ObjectType: SQLColumn {}
extension TransportProtocol: SQLColumn {}
extension PrivateService.Source: SQLColumn {}
extension GatewayNode.NodePresence: SQLColumn {}
extension LinkState: SQLColumn {}
extension Event.Operation: SQLColumn {}

extension Timestamp: SQLColumn {
    package var sqlValue: SQLValue {
        .integer(microseconds)
    }

    package init?(sqlValue: SQLValue) {
        guard case .integer(let microseconds) = sqlValue else { return nil }
        self.init(microseconds: microseconds)
    }
}

/// A number, so that the database can count through a subnet.
extension IPv4Address: SQLColumn {
    package var sqlValue: SQLValue {
        .integer(Int64(bits))
    }

    package init?(sqlValue: SQLValue) {
        guard case .integer(let number) = sqlValue, let bits = UInt32(exactly: number) else {
            return nil
        }
        self.init(bits: bits)
    }
}

/// The columns of a gateway that more than one statement reads.
extension Row {
    func port() throws(StoreError) -> UInt16 {
        try value("port") { $0 > 0 }
    }

    func subnet() throws(StoreError) -> IPv4Prefix {
        try value("subnet") { SubnetPlan.peerAddresses(in: $0) != nil }
    }

    /// Of a gateway in this subnet.
    func givenAddress(in subnet: IPv4Prefix) throws(StoreError) -> IPv4Address? {
        let given: IPv4Address? = try optional("given_address")
        guard given != nil else { return nil }
        return try value("given_address") {
            SubnetPlan.peerAddresses(in: subnet)?.contains($0) == true
        }
    }

    /// Nil where the gateway's flag decides.
    func serviceNames() throws(StoreError) -> [String]? {
        let list: WordList? = try optional("services")
        return list?.words
    }

    func mtu() throws(StoreError) -> Int {
        try value("mtu") { (1_280...9_200).contains($0) }
    }
}
