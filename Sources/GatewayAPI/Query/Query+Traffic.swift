import GatewayDomain

extension Query {
    /// `step` and `since`.
    func trafficWindow() throws -> TrafficWindow {
        TrafficWindow(start: try trafficStart("since"), step: try trafficStep("step"))
    }

    private func trafficStep(_ name: String) throws -> Int {
        let finest = TrafficHistory.finestStep
        guard let value = self[name] else { return finest }
        guard let step = value.integer, TrafficHistory.steps.contains(step),
            step.isMultiple(of: finest)
        else {
            throw Problem.parameterType(
                name,
                "'\(name)' must be a number of seconds from \(finest) to"
                    + " \(TrafficHistory.steps.upperBound), and a multiple of \(finest)."
            )
        }
        return step
    }

    private func trafficStart(_ name: String) throws -> TrafficWindow.Start? {
        guard let value = self[name] else { return nil }
        if case .text(let text) = value {
            if let time = Timestamp(text) { return .time(time) }
            if let seconds = Self.seconds(text) { return .seconds(seconds) }
        }
        throw Problem.parameterType(
            name,
            "'\(name)' must be a time like 2026-01-31T12:00:00Z (RFC 3339), or a duration before now like"
                + " 90s, 15m or 6h."
        )
    }

    /// A number and its unit; nil for anything else.
    private static func seconds(_ text: String) -> Int64? {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600]
        guard let last = text.last, let unit = units[last] else { return nil }
        let digits = text.dropLast()
        guard !digits.isEmpty, digits.utf8.count <= 6,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(digits)
        else { return nil }
        return number * unit
    }
}
