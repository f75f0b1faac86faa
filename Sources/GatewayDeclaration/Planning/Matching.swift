/// Finds out which declared object is which of the server's, and what the others belong to. Kinds come in
/// their order, so that parents are known before what belongs to them.
struct Matching {
    private(set) var objects: [PlannedObject] = []
    private(set) var mistakes: [Mistake] = []
    private var placesByID: [String: Int] = [:]
    /// Places of one kind by name and by id, once all of the kind are matched.
    private var placesByName: [DeclaredKind: [String: [Int]]] = [:]

    init(_ declaration: Declaration, _ state: ServerState) {
        let declared = Dictionary(grouping: declaration.objects, by: \.kind)
        for kind in DeclaredKind.allCases {
            add(state.objects[kind] ?? [])
            match(declared[kind] ?? [], kind)
            indexNames(of: kind)
        }
    }

    private mutating func add(_ existing: [ServerState.Object]) {
        for object in existing {
            let parent = object.parentID.flatMap { placesByID[$0] }
            // What belongs to something that is being deleted goes with it.
            guard object.parentID == nil || parent != nil else { continue }
            placesByID[object.id] = objects.count
            objects.append(
                PlannedObject(kind: object.kind, parent: parent, existing: object)
            )
        }
    }

    private mutating func indexNames(of kind: DeclaredKind) {
        var places: [String: [Int]] = [:]
        for (place, object) in objects.enumerated() where object.kind == kind {
            if let name = object.name { places[name, default: []].append(place) }
            if let id = object.existing?.id { places[id, default: []].append(place) }
        }
        placesByName[kind] = places
    }

    /// An object of a kind under a name or key, as far as its parent is concerned.
    private struct NameInParent: Hashable {
        let parent: Int?
        let text: String
    }

    /// In rounds, so that an object that is named without doubt is not taken by one that is not.
    private mutating func match(_ declared: [DeclaredObject], _ kind: DeclaredKind) {
        var rest: [(object: DeclaredObject, parent: Int?)] = []
        var unplaced: [DeclaredObject] = []
        for object in declared {
            if let id = object.id {
                if !matchByID(object, id) { unplaced.append(object) }
            } else if let parent = resolveParent(of: object) {
                rest.append((object, parent.place))
            } else {
                unplaced.append(object)
            }
        }
        refuseTwins(&rest)
        if let key = kind.form.key {
            matchByNameAndKey(&rest, key, in: kind)
        }
        matchByName(&rest, in: kind)
        if let key = kind.form.key { matchByKey(&rest, key, in: kind) }
        for (object, parent) in rest {
            if object.name == nil, !object.isWrong(DeclaredObject.nameMember),
                kind.form.key.flatMap(object.text) == nil
            {
                let key = kind.form.key.map { ", a \($0)" } ?? ""
                mistakes.append(object.mistake("needs a name\(key) or an id to be found by"))
            }
            objects.append(
                PlannedObject(kind: kind, parent: parent, declared: object, existing: nil)
            )
        }
        objects += unplaced.map {
            PlannedObject(kind: kind, parent: nil, declared: $0, existing: nil, isPlaced: false)
        }
    }

    // MARK: By id

    /// False where the id names nothing, or an object that another one is already.
    private mutating func matchByID(_ object: DeclaredObject, _ id: String) -> Bool {
        guard let place = placesByID[id], objects[place].kind == object.kind else {
            mistakes.append(
                object.mistake(
                    DeclaredObject.idMember,
                    "names no \(object.kind.noun) of this server; leave it out to make one"
                )
            )
            return false
        }
        if let other = objects[place].declared {
            mistakes.append(
                object.mistake(DeclaredObject.idMember, "is that of \(other.path), too")
            )
            return false
        }
        objects[place].declared = object
        guard !object.references.isEmpty, let parent = resolveParent(of: object),
            parent.place != objects[place].parent, let form = object.kind.form.parent
        else { return true }
        mistakes.append(
            object.mistake(
                form.kind.noun,
                "cannot be changed: a \(object.kind.noun) stays where it was made; make a new one"
            )
        )
        return true
    }

    // MARK: By name and key

    private mutating func matchByNameAndKey(
        _ rest: inout [(object: DeclaredObject, parent: Int?)],
        _ key: String,
        in kind: DeclaredKind
    ) {
        let places = free(kind) { object in
            guard let name = object.name, let text = object.existing?.text(of: key) else {
                return nil
            }
            return "\(text) \(name)"
        }
        take(&rest) { object, parent in
            guard let name = object.name, let text = object.text(of: key) else { return nil }
            return places[NameInParent(parent: parent, text: "\(text) \(name)")]?.first
        }
    }

    private mutating func matchByName(
        _ rest: inout [(object: DeclaredObject, parent: Int?)],
        in kind: DeclaredKind
    ) {
        let places = free(kind, by: \.name)
        var ambiguous: [Mistake] = []
        let objects = objects
        take(&rest) { object, parent in
            guard let name = object.name,
                let found = places[NameInParent(parent: parent, text: name)]
            else { return nil }
            guard found.count == 1 else {
                let ids = found.prefix(5).compactMap { objects[$0].existing?.id }
                ambiguous.append(
                    object.mistake(
                        DeclaredObject.nameMember,
                        "is that of \(found.count) \(kind.section) of the server; say which with id: "
                            + ids.joined(separator: " or ")
                    )
                )
                return nil
            }
            return found[0]
        }
        mistakes += ambiguous
    }

    /// An object with a new name.
    private mutating func matchByKey(
        _ rest: inout [(object: DeclaredObject, parent: Int?)],
        _ key: String,
        in kind: DeclaredKind
    ) {
        let places = free(kind) { $0.existing?.text(of: key) }
        take(&rest) { object, parent in
            object.text(of: key).flatMap { places[NameInParent(parent: parent, text: $0)]?.first }
        }
    }

    /// Places of the server's objects that are not matched yet.
    private func free(
        _ kind: DeclaredKind,
        by text: (PlannedObject) -> String?
    ) -> [NameInParent: [Int]] {
        var places: [NameInParent: [Int]] = [:]
        for (place, object) in objects.enumerated()
        where object.kind == kind && object.declared == nil {
            guard let text = text(object) else { continue }
            places[NameInParent(parent: object.parent, text: text), default: []].append(place)
        }
        return places
    }

    /// Matches each object for which `find` has a place, unless another one was there before.
    private mutating func take(
        _ rest: inout [(object: DeclaredObject, parent: Int?)],
        _ find: (DeclaredObject, Int?) -> Int?
    ) {
        rest.removeAll { object, parent in
            guard let place = find(object, parent), objects[place].declared == nil else {
                return false
            }
            objects[place].declared = object
            return true
        }
    }

    /// Two objects of one name in one parent are the same one, unless their keys tell them apart.
    private mutating func refuseTwins(_ rest: inout [(object: DeclaredObject, parent: Int?)]) {
        var byName: [NameInParent: DeclaredObject] = [:]
        var byKey: [NameInParent: DeclaredObject] = [:]
        rest.removeAll { object, parent in
            let key = object.kind.form.key
            let text = key.flatMap(object.text)
            if let key, let text {
                let address = NameInParent(parent: parent, text: text)
                if let twin = byKey[address] {
                    mistakes.append(object.mistake(key, "is that of \(twin.path), too"))
                    return true
                }
                byKey[address] = object
            }
            guard let name = object.name else { return false }
            let address = NameInParent(parent: parent, text: name)
            if let twin = byName[address], text == nil || key.flatMap(twin.text) == nil {
                mistakes.append(
                    object.mistake(
                        DeclaredObject.nameMember,
                        "is that of \(twin.path) in line \(twin.line), too"
                    )
                )
                return true
            }
            byName[address] = object
            return false
        }
    }

    // MARK: References

    private static let mostSuggestions = 100

    private struct ResolvedParent {
        let place: Int?
    }

    /// Nil where the object has no parent that can be found, which is noted.
    private mutating func resolveParent(of object: DeclaredObject) -> ResolvedParent? {
        guard let form = object.kind.form.parent else { return ResolvedParent(place: nil) }
        // That it is missing was told when the file was read.
        guard let reference = object.references[form.kind] else { return nil }
        let called = placesByName[form.kind]?[reference.text] ?? []
        var found = called.filter { isInside($0, object.references) }
        // A name of the file is that of the file's object, whatever else the server has.
        let declared = found.filter { objects[$0].declared != nil }
        if !declared.isEmpty { found = declared }
        if found.count == 1 { return ResolvedParent(place: found[0]) }
        mistakes.append(
            Mistake(
                line: reference.line,
                "\(object.path).\(form.kind.noun) \(complaint(reference, found, form.kind))"
            )
        )
        return nil
    }

    private func complaint(
        _ reference: DeclaredObject.Reference,
        _ found: [Int],
        _ kind: DeclaredKind
    ) -> String {
        guard !found.isEmpty else {
            // Looking for a name takes as long as the file and the server have names.
            guard mistakes.count < Self.mostSuggestions else {
                return "names no \(kind.noun) of the file or the server"
            }
            let names = Set(
                (placesByName[kind] ?? [:]).values.joined().compactMap { objects[$0].name }
            )
            let meant = Declaration.suggestion(
                for: reference.text,
                in: names.sorted().suffix(1_000)
            )
            return names.isEmpty
                ? "names no \(kind.noun); neither the file nor the server has any"
                : "names no \(kind.noun) of the file or the server\(meant)"
        }
        let cure = kind.ancestors.first.map { "add '\($0.noun)', or write an id" } ?? "write an id"
        return "names \(found.count) \(kind.section); \(cure)"
    }

    /// Whether the object's ancestors are those that the references name.
    private func isInside(
        _ place: Int,
        _ references: [DeclaredKind: DeclaredObject.Reference]
    ) -> Bool {
        var ancestor = objects[place].parent
        while let current = ancestor {
            let object = objects[current]
            if let reference = references[object.kind], !object.isCalled(reference.text) {
                return false
            }
            ancestor = object.parent
        }
        return true
    }
}
