extension Migrations {
    /// Sums of the hours of gateways that are kept apart, by days, so that months are summed up of days. What is rolled up is in
    /// `usage_gateway_day` alone.
    static let recentDays = Migration(
        id: "2026-11-30-recent-days",
        script: """
            \(counts("usage_gateway_recent_day", of: "gateway", "day"))

            INSERT INTO usage_gateway_recent_day (gateway, day, kind, rx_packets, rx_bytes, tx_packets, tx_bytes)
            SELECT gateway, hour / 24, kind, CAST(sum(rx_packets) AS INTEGER), CAST(sum(rx_bytes) AS INTEGER),
                CAST(sum(tx_packets) AS INTEGER), CAST(sum(tx_bytes) AS INTEGER)
            FROM usage_gateway_hour GROUP BY gateway, hour / 24, kind;
            """
    )
}
