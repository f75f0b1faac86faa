package import GatewayDomain
package import JSON
import NetAddress
import WireGuardCrypto

extension NewGateway {
    package init(_ body: JSONObject) {
        self.init()
        networkID = body.string("network_id")
        regionCode = body.string("region_code")
        name = body.string("name")
        enablesSIPTrunking = body.bool("enable_sip_trunking")
        subnet = body.string("subnet")
        subnetPrefixLength = body.integer("subnet_prefix_length")
        mtu = body.integer("mtu")
        persistentKeepalive = body.integer("persistent_keepalive")
    }
}

extension Gateway {
    /// The documented members first, then ours.
    package var json: JSONValue {
        [
            "id": .string(id),
            "record_type": "cloud_vpn",
            "network_id": .string(networkID),
            "region_code": .string(region.code),
            "name": .string(name),
            "enable_sip_trunking": .bool(enablesSIPTrunking),
            "status": .string(status.rawValue),
            "public_key": .string(publicKey.base64),
            "endpoint": .string(endpoint),
            "server_ip_address": .string(serverAddress),
            "region": region.briefJSON,
            "created_at": .string(createdAt),
            "updated_at": .string(updatedAt),
            "subnet": .string(subnet),
            "mtu": .integer(mtu),
            "persistent_keepalive": .integer(persistentKeepalive),
            "status_reason": .string(statusReason),
            "peers_count": .integer(activity.peersCount),
            "latest_handshake_at": .string(activity.latestHandshakeAt),
            "rx_bytes": .integer(activity.rxBytes),
            "tx_bytes": .integer(activity.txBytes),
        ]
    }
}
