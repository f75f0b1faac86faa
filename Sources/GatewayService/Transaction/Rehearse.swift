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

/// What a rehearsal has found.
package struct RehearsalOutcome: Sendable {
    /// What each step would be refused with, by its index.
    package var refusals: [(step: Int, error: ServiceError)] = []
    /// How many of the first steps were tried. Trying the rest would keep other writers waiting for too long.
    package var triedCount = 0
}

/// A step that would change more rows than can be tried while all other writers wait.
struct RehearsalLimit: Error {}

/// Carries what was found out of a transaction that must not be committed.
private struct RehearsalEnd: Error {
    let outcome: RehearsalOutcome
}

extension ControlPlane {
    /// Before the steps are looked at: who may change nothing need not hear what is wrong with them.
    package func requireRehearsal(by caller: Caller) throws { try caller.require(.role(.member)) }

    /// Tries changes one after the other, each as if those before were carried out, and carries out none. A step that needs an object of a refused one is not judged.
    package func rehearse(
        _ steps: [RehearsedStep],
        by caller: Caller
    ) async throws -> RehearsalOutcome {
        try requireRehearsal(by: caller)
        do {
            try await change(by: caller.actor, requestID: caller.requestID) { tx in
                let caller = try caller.current(at: tx.time, tx.db)
                try caller.require(.role(.member))
                throw RehearsalEnd(outcome: try tx.rehearse(steps, by: caller, self))
            }
        } catch let end as RehearsalEnd {
            return end.outcome
        }
        preconditionFailure("a rehearsal ends by an error, so that nothing is committed")
    }
}

extension Transaction {
    /// Rows that are changed by all steps together, while all other writers wait: about a second's work.
    private static let mostRows = 50_000

    fileprivate func rehearse(
        _ steps: [RehearsedStep],
        by caller: Caller,
        _ controlPlane: ControlPlane
    ) throws -> RehearsalOutcome {
        var outcome = RehearsalOutcome()
        var ids: [String: String] = [:]
        var missing: Set<String> = []
        let rows = db.totalChanges
        for (index, step) in steps.enumerated() {
            guard db.totalChanges - rows <= Self.mostRows else { break }
            outcome.triedCount += 1
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
                outcome.refusals.append((index, caller.told(error)))
                if let name = step.name { missing.insert(name) }
            } catch is RehearsalLimit {
                outcome.triedCount -= 1
                break
            }
            try db.executeScript("RELEASE rehearsed_step")
        }
        return outcome
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
