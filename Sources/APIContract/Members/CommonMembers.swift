import GatewayDomain

/// What most objects of the API have. `object` is the noun of the descriptions, like `peer`.
extension Member {
    static func id<Kind>(of object: String) -> Member where Value == Identifier<Kind> {
        Member("id", .id(), "The id of the \(object), which never changes.")
    }

    static func networkID(of object: String) -> Member where Value == NetworkID {
        Member("network_id", .id(), "The id of the network that the \(object) belongs to.")
    }
}

extension Member<String> {
    /// Tells kinds of objects apart where several may stand.
    static func recordType(_ word: String) -> Member {
        Member("record_type", .oneOf([word]), "The kind of this object, which is always `\(word)`.")
    }

    static func name(of object: String) -> Member {
        Member("name", .name, "The name that people call the \(object) by; it need not be unique.")
    }

    static func regionCode(of object: String) -> Member {
        Member("region_code", .text, "The code of the region that the \(object) is in.")
    }

    /// As a request names one of the regions where gateways can be made.
    static func requestedRegionCode(of object: String) -> Member {
        Member(
            regionCode(of: object).name,
            .text(example: "local"),
            "The code of the region that the \(object) is to be in."
        )
    }

    static func statusReason(_ description: String) -> Member {
        Member("status_reason", .text, description)
    }
}

extension Member<InterfaceStatus> {
    static func status(of object: String) -> Member {
        Member("status", .word, "How far the \(object) is on its way into service.")
    }
}

extension Member<RegionSummary> {
    static func region(of object: String) -> Member {
        Member("region", .region, "The region that the \(object) is in, with its name.")
    }
}

extension Member<Timestamp> {
    static func createdAt(of object: String) -> Member {
        Member("created_at", .time, "The time at which the \(object) was made.")
    }

    static func updatedAt(of object: String) -> Member {
        Member("updated_at", .time, "The time at which the \(object) last changed.")
    }

    static func latestHandshakeAt(_ description: String) -> Member {
        Member("latest_handshake_at", .time, description)
    }
}

/// Counters of bytes as `wg show` has them: those of whole WireGuard messages.
extension Member<UInt64> {
    static func rxBytes(_ description: String) -> Member {
        Member("rx_bytes", .count, description)
    }

    static func txBytes(_ description: String) -> Member {
        Member("tx_bytes", .count, description)
    }

    /// Of packets inside the tunnel, which the counters above have with WireGuard's own bytes.
    static func egressRxBytes(_ description: String) -> Member {
        Member("egress_rx_bytes", .count, description)
    }

    static func egressTxBytes(_ description: String) -> Member {
        Member("egress_tx_bytes", .count, description)
    }
}

/// Seconds between keepalives.
extension Member<Int> {
    package static let keepalive = Member(
        "persistent_keepalive",
        .integer(in: TunnelLimits.keepaliveSeconds),
        "The number of seconds between keepalives in the configs of peers, where 0 means none."
    )
}
