import CommandLineProgram
import GatewayClient
import JSON

/// `wgw top` for programs: an object for each gateway and peer at every interval.
struct TopLines {
    let client: GatewayClient
    let interval: Duration
    let count: Int?
    let format: OutputFormat

    static let formats: [OutputFormat] = [.jsonl, .json, .yaml]

    func print() async throws {
        var rates = TopRates()
        _ = rates.take(try await .take(client))
        var left = count
        while left != 0 {
            try await Task.sleep(for: interval)
            let sample = try await TopSample.take(client)
            let objects = zip(sample.entries, rates.take(sample)).map { entry, rate in
                json(entry, rate, sample)
            }
            try OutputFile.standardOutput.write(text(of: objects))
            left = left.map { $0 - 1 }
        }
    }

    private func text(of objects: [JSONValue]) -> String {
        switch format {
        case .json: JSONValue.array(objects).indented + "\n"
        case .yaml: "---\n" + JSONValue.array(objects).yaml
        default: objects.map { $0.encoded + "\n" }.joined()
        }
    }

    private func json(_ entry: TopEntry, _ rate: TopRates.Rate, _ sample: TopSample) -> JSONValue {
        let isPeer = if case .peer = entry.kind { true } else { false }
        return [
            "record_type": isPeer ? "wireguard_peer_traffic" : "gateway_traffic",
            "time": .string("\(sample.now)"),
            "id": .string(entry.id),
            "name": .string(entry.name),
            "rx_bytes": .integer(Int(clamping: entry.rxBytes)),
            "tx_bytes": .integer(Int(clamping: entry.txBytes)),
            "rx_bytes_per_second": .integer(Int(clamping: Int64(rate.received ?? 0))),
            "tx_bytes_per_second": .integer(Int(clamping: Int64(rate.sent ?? 0))),
        ]
    }
}
