package import FoundationEssentials

/// The name of one object. `Kind` only keeps a peer's id from being used as a gateway's.
package struct Identifier<Kind>: Hashable, Sendable {
    package let uuid: UUID

    package init(uuid: UUID) {
        self.uuid = uuid
    }

    package static func random() -> Self {
        Self(uuid: UUID())
    }
}

extension Identifier: LosslessStringConvertible {
    package init?(_ text: String) {
        guard let uuid = UUID(uuidString: text) else { return nil }
        self.init(uuid: uuid)
    }

    package var description: String {
        uuid.uuidString.lowercased()
    }
}

extension Identifier: Comparable {
    /// The order of the texts, which is the order of a database that holds them as text.
    package static func < (left: Self, right: Self) -> Bool {
        left.uuid < right.uuid
    }
}

package typealias OrganizationID = Identifier<Organization>
package typealias APIKeyID = Identifier<APIKey>
package typealias NetworkID = Identifier<Network>
package typealias GatewayID = Identifier<Gateway>
package typealias PeerID = Identifier<Peer>
package typealias DefaultGatewayID = Identifier<DefaultGateway>
package typealias InternetGatewayID = Identifier<InternetGateway>
