import GatewayDomain

/// Which of what is used of quotas the node and its files know already.
struct KnownUses {
    /// In the snapshot that was saved last, and in the one that is being saved.
    private var saved: [LimitSubject: QuotaUse] = [:]
    private var toSave: [LimitSubject: QuotaUse] = [:]
    /// Whose quotas the server has set right since the last report of the node.
    private var corrected: Set<LimitSubject> = []

    mutating func noteCorrected(_ subjects: some Sequence<LimitSubject>) {
        corrected.formUnion(subjects)
    }

    /// What the node has to know behind a report.
    ///
    /// - Parameter concerned: those that the report concerns.
    mutating func news(
        of concerned: Set<LimitSubject>,
        among uses: [LimitSubject: QuotaUse]
    ) -> [LimitSubject: QuotaUse] {
        defer { corrected = [] }
        return concerned.union(corrected).reduce(into: [:]) { $0[$1] = uses[$1] }
    }

    /// What is not in the snapshot that was saved last.
    func unsaved(among uses: [LimitSubject: QuotaUse]) -> [LimitSubject: QuotaUse] {
        uses.filter { saved[$0.key] != $0.value }
    }

    mutating func noteSaving(_ uses: [LimitSubject: QuotaUse]) { toSave = uses }

    mutating func noteSaved() { saved = toSave }
}
