package import GatewayDomain
package import JSON

/// What the control plane says when it has counted a report.
package struct ReportAnswer: Equatable, Sendable {
    /// The sequence of the report, which need not be sent again.
    package let counted: Int64
    /// What is used of the quotas that the report concerns, as of it.
    package let uses: [LimitSubject: QuotaUse]

    package init(counted: Int64, uses: [LimitSubject: QuotaUse]) {
        self.counted = counted
        self.uses = uses
    }

    package var written: JSONValue {
        var writer = WireWriter()
        writer.add("counted", number: counted)
        writer.add("quotas", list: uses.written)
        return writer.json
    }

    /// A server of an earlier version says nothing of quotas.
    package init(_ bytes: [UInt8]) throws(WireError) {
        let object = try WireObject(bytes)
        self.init(
            counted: try object.integer("counted"),
            uses: try [LimitSubject: QuotaUse](try object.objects("quotas"))
        )
    }
}
