extension Migrations {
    /// What was charged for. `usage_correction`: usage that was counted after its month was closed, and where it is charged
    /// for instead. `cost_line`: what closed months say for good. Months and hours are hours since 1970; prices are in millionths
    /// of the currency's unit, amounts in hundredths.
    static let costs = Migration(
        id: "2026-11-28-costs",
        script: """
            CREATE TABLE usage_correction (
                gateway INTEGER NOT NULL REFERENCES metered_gateway (number),
                counted_hour INTEGER NOT NULL,
                hour INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                rx_packets INTEGER NOT NULL,
                rx_bytes INTEGER NOT NULL,
                tx_packets INTEGER NOT NULL,
                tx_bytes INTEGER NOT NULL,
                PRIMARY KEY (gateway, counted_hour, hour, kind)
            ) WITHOUT ROWID;

            CREATE TABLE cost_line (
                organization_id TEXT NOT NULL,
                month INTEGER NOT NULL,
                position INTEGER NOT NULL,
                item TEXT NOT NULL,
                gateway_id TEXT,
                gateway_name TEXT,
                kind INTEGER,
                used_month INTEGER NOT NULL,
                quantity INTEGER NOT NULL,
                price INTEGER NOT NULL,
                amount INTEGER NOT NULL,
                currency TEXT NOT NULL,
                PRIMARY KEY (organization_id, month, position)
            );
            """
    )
}
