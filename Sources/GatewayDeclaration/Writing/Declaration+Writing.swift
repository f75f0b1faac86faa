package import JSON

extension Declaration {
    /// The declaration of what a server has: applied to it, it changes nothing. Objects are in the order of
    /// their creation. An id is written only where a name does not tell which object is meant, as the ids
    /// of another server differ.
    package static func write(_ state: ServerState) -> JSONValue {
        let writer = DeclarationWriter(state)
        var document = JSONObject()
        document.add("version", .integer(version))
        for kind in DeclaredKind.allCases {
            document.add(kind.section, .array((state.objects[kind] ?? []).compactMap(writer.write)))
        }
        return .object(document)
    }
}

private struct DeclarationWriter {
    private struct NameOfKind: Hashable {
        let kind: DeclaredKind
        let parentID: String?
        let name: String
    }

    private let byID: [String: ServerState.Object]
    /// How many objects have the name in their parent, and of their kind at all.
    private var named: [NameOfKind: Int] = [:]
    private var everywhere: [NameOfKind: Int] = [:]

    init(_ state: ServerState) {
        let objects = state.objects.values.joined()
        byID = Dictionary(objects.map { ($0.id, $0) }) { first, _ in first }
        for object in objects {
            guard let name = object.name else { continue }
            named[
                NameOfKind(kind: object.kind, parentID: object.parentID, name: name),
                default: 0
            ] += 1
            everywhere[NameOfKind(kind: object.kind, parentID: nil, name: name), default: 0] += 1
        }
    }

    /// Nil for what belongs to an object that is being deleted.
    func write(_ object: ServerState.Object) -> JSONValue? {
        let form = object.kind.form
        var members = JSONObject()
        if !isNamed(object), form.key == nil {
            members.add(DeclaredObject.idMember, .string(object.id))
        }
        if let name = object.name { members.add(DeclaredObject.nameMember, .string(name)) }
        if let parentID = object.parentID {
            guard let parent = byID[parentID] else { return nil }
            refer(to: parent, &members)
        }
        for setting in form.settings where setting.name != DeclaredObject.nameMember {
            guard form.derived[setting.name] == nil, !form.beginnings.contains(setting.name),
                let value = object.value(of: setting.name),
                value != object.defaultValue(of: setting.name)
            else { continue }
            members.add(setting.name, value)
        }
        return .object(members)
    }

    private func isNamed(_ object: ServerState.Object) -> Bool {
        guard let name = object.name else { return false }
        return named[NameOfKind(kind: object.kind, parentID: object.parentID, name: name)] == 1
    }

    private func refer(to parent: ServerState.Object, _ members: inout JSONObject) {
        guard let name = parent.name, isNamed(parent) else {
            members.add(parent.kind.noun, .string(parent.id))
            return
        }
        members.add(parent.kind.noun, .string(name))
        let isUnique = everywhere[NameOfKind(kind: parent.kind, parentID: nil, name: name)] == 1
        guard !isUnique, let grandparent = parent.parentID.flatMap({ byID[$0] }) else { return }
        refer(to: grandparent, &members)
    }
}
