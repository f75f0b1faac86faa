import GatewayDomain
import JSON

extension TrafficReport {
    var isEmpty: Bool { peers.isEmpty && drops.isEmpty }

    mutating func add(_ later: TrafficReport) {
        var merged: [PeerID: CarriedByPeer] = [:]
        for peer in peers + later.peers {
            var counts = merged[peer.id]?.counts ?? TrafficCounts()
            counts += peer.counts
            merged[peer.id] = CarriedByPeer(id: peer.id, gatewayID: peer.gatewayID, counts: counts)
        }
        peers = Array(merged.values)
        for (gateway, reasons) in later.drops {
            drops[gateway, default: [:]].merge(reasons, uniquingKeysWith: &+)
        }
    }

    var written: JSONValue {
        var writer = WireWriter()
        writer.add("peers", list: peers.map(\.written))
        writer.add(
            "drops",
            list: drops.map { gateway, reasons in
                var writer = WireWriter()
                writer.add("gateway", text: gateway)
                var counts = WireWriter()
                for (reason, count) in reasons { counts.add(reason, number: count) }
                writer.add("counts", counts.json)
                return writer.json
            }
        )
        return writer.json
    }

    init(_ object: WireObject) throws(WireError) {
        self.init()
        peers = try object.objects("peers").map { object throws(WireError) in
            try CarriedByPeer(object)
        }
        for object in try object.objects("drops") {
            let gateway = try object.value("gateway", GatewayID.self)
            for (reason, number) in try object.numbers("counts") {
                drops[gateway, default: [:]][reason] = UInt64(clamping: number)
            }
        }
    }
}

extension TrafficReport.CarriedByPeer {
    fileprivate var written: JSONValue {
        var writer = WireWriter()
        writer.add("id", text: id)
        writer.add("gateway", text: gatewayID)
        writer.add("rx", count: counts.rxBytes)
        writer.add("tx", count: counts.txBytes)
        writer.add("rx_packets", count: counts.rxPackets)
        writer.add("tx_packets", count: counts.txPackets)
        writer.add("handshakes", count: counts.handshakes)
        return writer.json
    }

    fileprivate init(_ object: WireObject) throws(WireError) {
        self.init(
            id: try object.value("id"),
            gatewayID: try object.value("gateway"),
            counts: TrafficCounts(
                rxBytes: try object.count("rx"),
                txBytes: try object.count("tx"),
                rxPackets: try object.count("rx_packets"),
                txPackets: try object.count("tx_packets"),
                handshakes: try object.count("handshakes")
            )
        )
    }
}
