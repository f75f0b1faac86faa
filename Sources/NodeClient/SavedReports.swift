import GatewayDomain
import NodeProtocol

/// What a node has counted, as it is kept: what was not delivered, and what of quotas is used with that.
struct SavedReports: Sendable {
    var spool: ReportSpool
    var uses: [LimitSubject: QuotaUse] = [:]

    var written: [UInt8] {
        var writer = WireWriter()
        spool.write(to: &writer)
        writer.add("quotas", list: uses.written)
        return writer.json.line
    }

    init(spool: ReportSpool, uses: [LimitSubject: QuotaUse] = [:]) {
        self.spool = spool
        self.uses = uses
    }

    init(_ bytes: [UInt8]) throws(WireError) {
        let object = try WireObject(bytes)
        self.init(
            spool: try ReportSpool(object),
            uses: try [LimitSubject: QuotaUse](try object.objects("quotas"))
        )
    }
}
