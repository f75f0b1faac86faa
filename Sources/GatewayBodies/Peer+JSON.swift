package import GatewayDomain
package import JSON
import NetAddress
package import WireGuardCrypto

extension NewPeer {
    package init(_ body: JSONObject) {
        self.init()
        gatewayID = body.string("wireguard_interface_id")
        name = body.string("name")
        publicKey = body.string("public_key")
        presharedKey = body.presharedKey("preshared_key")
        persistentKeepalive = body.integer("persistent_keepalive")
    }
}

extension PeerChange {
    package init(_ body: JSONObject) {
        self.init()
        name = body.string("name")
        publicKey = body.string("public_key")
        presharedKey = body.presharedKey("preshared_key")
        persistentKeepalive = body.integer("persistent_keepalive")
    }
}

extension Peer {
    /// The documented members first, then ours. A secret stands in the one answer that made it,
    /// and its member is absent from every other.
    package func json(privateKey: SecretKey? = nil, presharedKey: SecretKey? = nil) -> JSONValue {
        var object = JSONObject()
        object.add("id", .string(id))
        object.add("record_type", "wireguard_peer")
        object.add("wireguard_interface_id", .string(gatewayID))
        object.add("name", .string(name))
        object.add("public_key", .string(publicKey.base64))
        if let privateKey { object.add("private_key", .string(privateKey.base64)) }
        object.add("last_seen", .string(activity.lastSeen))
        object.add("created_at", .string(createdAt))
        object.add("updated_at", .string(updatedAt))
        object.add("address", .string(address))
        if let presharedKey { object.add("preshared_key", .string(presharedKey.base64)) }
        object.add("persistent_keepalive", .integer(persistentKeepalive))
        object.add("endpoint", .string(activity.endpoint))
        object.add("latest_handshake_at", .string(activity.latestHandshakeAt))
        object.add("rx_bytes", .integer(activity.rxBytes))
        object.add("tx_bytes", .integer(activity.txBytes))
        return .object(object)
    }
}
