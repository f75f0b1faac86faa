import APIContract
import JSON

extension Plan {
    /// Compares what a declaration says with what the server has. There are no steps where there are
    /// mistakes: a declaration is carried out as a whole, or not at all.
    ///
    /// - Parameter prunes: whether objects are deleted that are not declared, although their section is.
    package static func make(
        _ declaration: Declaration,
        for state: ServerState,
        prunes: Bool
    ) -> (plan: Plan, mistakes: [Mistake]) {
        let matching = Matching(declaration, state)
        var maker = PlanMaker(objects: matching.objects, state: state)
        maker.compare()
        maker.refuseMissingNames()
        maker.prune(declaration.sections, prunes)
        let mistakes = (declaration.mistakes + matching.mistakes + maker.mistakes)
            .sorted { $0.line < $1.line }
        guard mistakes.isEmpty else {
            var noSteps = Plan()
            noSteps.keyless = maker.plan.keyless
            return (noSteps, mistakes)
        }
        return (maker.plan, [])
    }
}

private struct PlanMaker {
    let objects: [PlannedObject]
    let state: ServerState
    var plan = Plan()
    var mistakes: [Mistake] = []
    /// Which declared object has a part in a network, as far as they are compared.
    private var owners: [PartOfNetwork: DeclaredObject] = [:]
    /// Names that declared settings list and that neither the file nor the server has, each kind with the object that is
    /// the first to list one.
    private var missing: [DeclaredKind: MissingNames] = [:]

    private struct MissingNames {
        let first: DeclaredObject
        let setting: String
        var names: [String] = []
    }

    init(objects: [PlannedObject], state: ServerState) {
        self.objects = objects
        self.state = state
    }

    /// New objects and changes, what others belong to first.
    mutating func compare() {
        let order = objects.indices.filter { objects[$0].declared != nil }
            .sorted { (objects[$0].kind, line(of: $0), $0) < (objects[$1].kind, line(of: $1), $1) }
        for place in order {
            guard let declared = objects[place].declared else { continue }
            guard objects[place].isPlaced else {
                checkChoices(of: declared)
                continue
            }
            noteKeyless(declared, place)
            refuseSecondOwners(declared, place)
            if let existing = objects[place].existing {
                change(existing, to: declared, place)
            } else {
                create(declared, place)
            }
        }
    }

    private mutating func noteKeyless(_ declared: DeclaredObject, _ place: Int) {
        guard let key = declared.kind.form.key, declared.text(of: key) == nil,
            !declared.isWrong(key)
        else { return }
        let existing = objects[place].existing
        plan.keyless.append(
            Plan.Keyless(
                title: title(of: place),
                name: objects[place].name,
                line: declared.line,
                id: existing?.id,
                publicKey: existing?.text(of: key)
            )
        )
    }

    private struct PartOfNetwork: Hashable {
        let name: String
        let network: Int
    }

    private mutating func refuseSecondOwners(_ declared: DeclaredObject, _ place: Int) {
        for name in declared.kind.form.parts where declared.settings[name] == .bool(true) {
            var network = place
            while let parent = objects[network].parent { network = parent }
            if let other = owners.updateValue(
                declared,
                forKey: PartOfNetwork(name: name, network: network)
            ) {
                mistakes.append(
                    declared.mistake(
                        name,
                        "is true of \(other.path), too; a network has one at most"
                    )
                )
            }
        }
    }

    private func line(of place: Int) -> Int { objects[place].declared?.line ?? 0 }

    private mutating func create(_ declared: DeclaredObject, _ place: Int) {
        let form = declared.kind.form
        for setting in form.settings where setting.isRequired {
            guard declared.lines[setting.name] == nil || declared.settings[setting.name] == .null
            else { continue }
            mistakes.append(
                declared.mistake(setting.name, "is required for a new \(declared.kind.noun)")
            )
        }
        checkChoices(of: declared)
        for member in declared.settings.members { noteMissing(member, of: declared) }
        let key = form.key.flatMap(declared.text)
        add(
            .create(
                Plan.Creation(
                    place: place,
                    settings: declared.settings,
                    owner: owner(of: place),
                    lacksKey: form.key != nil && key == nil
                )
            ),
            place
        )
    }

    private func owner(of place: Int) -> Plan.Owner? {
        guard let parent = objects[place].parent else { return nil }
        guard let existing = objects[parent].existing else { return .planned(place: parent) }
        return .existing(id: existing.id)
    }

    private mutating func checkChoices(of declared: DeclaredObject) {
        for (name, words) in state.choices {
            guard let text = declared.text(of: name), !words.contains(text) else { continue }
            let meant = Declaration.suggestion(for: text, in: words)
            mistakes.append(declared.mistake(name, "is none of this server's\(meant)"))
        }
    }

    private mutating func change(
        _ existing: ServerState.Object,
        to declared: DeclaredObject,
        _ place: Int
    ) {
        var changes: [Plan.MemberChange] = []
        for member in declared.settings.members {
            guard let setting = declared.kind.form.setting(member.name),
                !declared.kind.form.beginnings.contains(member.name)
            else { continue }
            // What the server never tells counts as it was declared when the object was made.
            guard let pair = existing.comparison(member.name, member.value) else {
                noteUnknownSecret(of: existing)
                continue
            }
            if member.value == .null, setting.hasDefault, !pair.actual.isList { continue }
            guard !Self.isSame(pair.declared, pair.actual) else { continue }
            let old = pair.actual
            guard setting.isChangeable else {
                refuse(member, old, setting, declared)
                continue
            }
            noteMissing(member, of: declared)
            changes.append(
                Plan.MemberChange(
                    name: member.name,
                    old: old,
                    new: member.value,
                    isSecret: !setting.isShown
                )
            )
        }
        guard !changes.isEmpty else {
            plan.unchanged += 1
            return
        }
        add(.change(id: existing.id, changes), place)
    }

    private mutating func noteMissing(_ member: JSONObject.Member, of declared: DeclaredObject) {
        guard let kind = declared.kind.form.named[member.name] else { return }
        for name in member.value.texts where !state.hasName(name, kind) {
            let isDeclared = objects.contains { $0.kind == kind && $0.declared?.name == name }
            guard !isDeclared else { continue }
            var names = missing[kind] ?? MissingNames(first: declared, setting: member.name)
            if !names.names.contains(name) { names.names.append(name) }
            missing[kind] = names
        }
    }

    /// One mistake for all of them: they are put right in one place.
    mutating func refuseMissingNames() {
        for (kind, names) in missing {
            let list = names.names.joined(separator: ", ")
            let (noun, them) = names.names.count == 1 ? (kind.noun, "it") : (kind.section, "them")
            mistakes.append(
                names.first.mistake(
                    names.setting,
                    "names the \(noun) \(list), which neither the file nor this server has: declare \(them) under "
                        + "'\(kind.section)', or have the operator put \(them) into the settings of the server"
                )
            )
        }
    }

    /// Those of peers can be read.
    private mutating func noteUnknownSecret(of existing: ServerState.Object) {
        guard existing.kind == .peer, plan.idsWithUnknownSecrets.last != existing.id else { return }
        plan.idsWithUnknownSecrets.append(existing.id)
    }

    private mutating func refuse(
        _ member: JSONObject.Member,
        _ old: JSONValue,
        _ setting: DeclaredForm.Setting,
        _ declared: DeclaredObject
    ) {
        let noun = declared.kind.noun
        let values =
            setting.isShown
            ? " from \(PlanText.text(old)) to \(PlanText.text(member.value))" : ""
        mistakes.append(
            declared.mistake(
                member.name,
                "cannot be changed\(values) in a \(noun) that is there; write the old value, or declare a "
                    + "\(noun) of another name"
            )
        )
    }

    /// Of a secret, `true` asks for any, and false or null for none. Null is a list of nothing, and the order
    /// of a list says nothing.
    private static func isSame(_ declared: JSONValue, _ actual: JSONValue) -> Bool {
        switch (declared, actual) {
        case (.bool(true), .string): true
        case (.null, .bool(false)): true
        case (.null, .array(let elements)): elements.isEmpty
        case (.array(let left), .array(let right)):
            Set(left.map(\.encoded)) == Set(right.map(\.encoded))
        default: declared == actual
        }
    }

    /// What others belong to comes last. A gateway's peers go with it; a network has to be empty. What something new
    /// takes the place of goes first.
    mutating func prune(_ sections: Set<DeclaredKind>, _ prunes: Bool) {
        var goes: Set<Int> = []
        for (place, object) in objects.enumerated() where object.declared == nil {
            let isOwnerGone = object.parent.map(goes.contains) ?? false
            guard sections.contains(object.kind) || isOwnerGone else { continue }
            goes.insert(place)
        }
        guard prunes else {
            for place in goes.sorted() { plan.kept.append(step(.delete(id: ""), place)) }
            return
        }
        for object in objects {
            guard let declared = object.declared, let parent = object.parent, goes.contains(parent)
            else { continue }
            let owner = objects[parent]
            mistakes.append(
                declared.mistake(
                    owner.kind.noun,
                    "names a \(owner.kind.noun) that is not in the file, so that --prune would delete it; "
                        + "add it to '\(owner.kind.section)'"
                )
            )
        }
        var company: [Int: [String]] = [:]
        for place in goes.sorted() {
            guard let gateway = gatewayOfPeer(place, in: goes) else { continue }
            company[gateway, default: []].append(title(of: place))
        }
        let claims = Dictionary(grouping: plan.steps, by: \.kind)
            .mapValues { $0.flatMap(\.claims) }
        var first: [Plan.Step] = []
        for place in goes.sorted(by: { (objects[$1].kind, $0) < (objects[$0].kind, $1) }) {
            guard let existing = objects[place].existing, gatewayOfPeer(place, in: goes) == nil
            else { continue }
            var step = step(.delete(id: existing.id), place)
            step.company = company[place] ?? []
            let claimed = claims[existing.kind] ?? []
            let isReplaced =
                !claimed.isEmpty
                && existing.holdings.contains { held in claimed.contains(where: held.collides) }
            if isReplaced { first.append(step) } else { plan.steps.append(step) }
        }
        plan.steps.insert(contentsOf: first, at: 0)
    }

    /// The gateway that a peer goes with; nil for one that goes by itself, and for other objects.
    private func gatewayOfPeer(_ place: Int, in goes: Set<Int>) -> Int? {
        guard objects[place].kind == .peer, let parent = objects[place].parent,
            goes.contains(parent)
        else { return nil }
        return parent
    }

    private mutating func add(_ action: Plan.Action, _ place: Int) {
        plan.steps.append(step(action, place))
    }

    private func step(_ action: Plan.Action, _ place: Int) -> Plan.Step {
        Plan.Step(
            kind: objects[place].kind,
            title: title(of: place),
            name: objects[place].name,
            action: action,
            declared: objects[place].declared
        )
    }

    private func title(of place: Int) -> String {
        let object = objects[place]
        let name = object.name ?? object.existing?.id ?? "without a name"
        let title = "\(object.kind.noun) \(name)"
        guard let parent = object.parent else { return title }
        let owner = objects[parent]
        let ownerName = owner.name ?? owner.existing?.id ?? "without a name"
        return "\(title) of \(owner.kind.noun) \(ownerName)"
    }
}

extension JSONValue {
    fileprivate var isList: Bool {
        if case .array = self { true } else { false }
    }
}
