package import GatewayDomain
import GatewayStore

/// One of several changes that are tried together.
package struct RehearsedStep: Sendable {
    /// What later steps call the object that this one makes; nil where it makes none.
    let name: String?
    /// Names of objects that earlier steps make and this one needs.
    let needs: Set<String>
    /// Makes the verb, whose value is the id of what it makes, of the ids of such objects.
    let verb: @Sendable (_ ids: [String: String]) throws -> Verb<String>

    package init(
        name: String?,
        needs: Set<String>,
        _ verb: @escaping @Sendable ([String: String]) throws -> Verb<String>
    ) {
        self.name = name
        self.needs = needs
        self.verb = verb
    }
}

extension Verb {
    /// The same with what a caller makes of its value.
    package func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> Verb<Other> {
        Verb<Other>(requiring: permission) { tx, caller in transform(try rule(tx, caller)) }
    }
}

/// Carries what was found out of a transaction that must not be committed.
private struct RehearsalEnd: Error {
    let refusals: [(step: Int, error: ServiceError)]
}

extension ControlPlane {
    /// Before the steps are looked at: who may change nothing need not hear what is wrong with them.
    package func requireRehearsal(by caller: Caller) throws { try caller.require(.role(.member)) }

    /// Tries changes one after the other, each as if those before were carried out, and carries out none.
    ///
    /// - Returns: what each step would be refused with, by its index. A step that needs an object of a refused one is
    ///   not judged.
    package func rehearse(
        _ steps: [RehearsedStep],
        by caller: Caller
    ) async throws -> [(step: Int, error: ServiceError)] {
        try requireRehearsal(by: caller)
        do {
            try await change(by: caller.actor, requestID: caller.requestID) { tx in
                let caller = try caller.current(at: tx.time, tx.db)
                try caller.require(.role(.member))
                throw RehearsalEnd(refusals: try tx.rehearse(steps, by: caller, self))
            }
        } catch let end as RehearsalEnd {
            return end.refusals
        }
        return []
    }
}

extension Transaction {
    /// Rows that are changed by all steps together, while all other writers wait: about a second's work.
    private static let mostRows = 50_000

    fileprivate func rehearse(
        _ steps: [RehearsedStep],
        by caller: Caller,
        _ controlPlane: ControlPlane
    ) throws -> [(step: Int, error: ServiceError)] {
        var refusals: [(step: Int, error: ServiceError)] = []
        var ids: [String: String] = [:]
        var missing: Set<String> = []
        let rows = db.totalChanges
        for (index, step) in steps.enumerated() {
            guard step.needs.isDisjoint(with: missing) else {
                if let name = step.name { missing.insert(name) }
                continue
            }
            // A refused step leaves nothing for the next one to see.
            try db.executeScript("SAVEPOINT rehearsed_step")
            do {
                let id = try controlPlane.carryOut(step.verb(ids), by: caller, like: self)
                if let name = step.name { ids[name] = id }
            } catch let error as ServiceError {
                try db.executeScript("ROLLBACK TO rehearsed_step")
                refusals.append((index, caller.told(error)))
                if let name = step.name { missing.insert(name) }
            }
            try db.executeScript("RELEASE rehearsed_step")
            guard db.totalChanges - rows <= Self.mostRows else {
                if refusals.last?.step != index { refusals.append((index, .rehearsalTooLarge)) }
                break
            }
        }
        return refusals
    }
}

extension ControlPlane {
    /// What a transaction of its own would do, with all that follows from the change.
    fileprivate func carryOut(
        _ verb: Verb<String>,
        by caller: Caller,
        like outer: Transaction
    ) throws -> String {
        try caller.require(verb.permission)
        let tx = transaction(outer.db, by: caller.actor, requestID: caller.requestID)
        let id = try verb.rule(tx, caller)
        try tx.followChanges()
        return id
    }
}
