package import JSON

/// What a server has of the kinds that a declaration knows.
package struct ServerState: Sendable {
    package struct Object: Sendable {
        package let kind: DeclaredKind
        package let id: String
        let parentID: String?
        /// As an answer shows it.
        let shown: JSONObject
        /// Secrets, of which only those are here that were asked for.
        fileprivate(set) var secrets = JSONObject()
    }

    /// In the order of their creation, which is that of lists.
    package private(set) var objects: [DeclaredKind: [Object]] = [:]
    /// The values that a setting may have on this server, such as its regions.
    package var choices: [String: [String]] = [:]

    /// Names of objects that the server has and no declaration may speak of, by kind.
    package var otherNames: [DeclaredKind: Set<String>] = [:]

    package init() {}

    package mutating func add(_ object: Object) {
        objects[object.kind, default: []].append(object)
    }

    package func ids(of kind: DeclaredKind) -> [String] {
        (objects[kind] ?? []).map(\.id)
    }

    /// Whether there is an object of this name, declared here or not.
    func hasName(_ name: String, _ kind: DeclaredKind) -> Bool {
        otherNames[kind]?.contains(name) == true
            || objects[kind]?.contains { $0.name == name } == true
    }

    /// Names of objects that only the server itself can have, and which objects of the state need.
    package var namesOfOthers: [DeclaredKind: Set<String>] {
        var names: [DeclaredKind: Set<String>] = [:]
        for object in objects.values.joined() {
            for (setting, kind) in object.kind.form.named {
                let listed = object.shown[setting]?.texts ?? []
                for name in listed where objects[kind]?.contains(where: { $0.name == name }) != true
                {
                    names[kind, default: []].insert(name)
                }
            }
        }
        return names
    }

    /// What lists do not show of the objects of a kind: a value of one setting for each id.
    package mutating func add(
        secrets: [String: JSONValue],
        named name: String,
        of kind: DeclaredKind
    ) {
        guard var list = objects[kind] else { return }
        for index in list.indices {
            if let secret = secrets[list[index].id] { list[index].secrets.add(name, secret) }
        }
        objects[kind] = list
    }
}

extension ServerState.Object {
    /// Nil for what has no id, and for what is being deleted: it is as good as gone.
    package init?(_ kind: DeclaredKind, _ answer: JSONObject) {
        guard case .string(let id)? = answer[DeclaredObject.idMember],
            answer["status"] != .string("deleting")
        else { return nil }
        self.kind = kind
        self.id = id
        shown = answer
        guard let parent = kind.form.parent else {
            parentID = nil
            return
        }
        guard case .string(let owner)? = answer[parent.wireName] else { return nil }
        parentID = owner
    }

    var name: String? { text(of: DeclaredObject.nameMember) }

    func text(of member: String) -> String? {
        guard case .string(let text)? = shown[member] else { return nil }
        return text
    }

    /// Nil for what is not known.
    func value(of setting: String) -> JSONValue? {
        if let derive = kind.form.derived[setting] { return derive(shown) }
        return shown[setting] ?? secrets[setting]
    }

    func defaultValue(of setting: String) -> JSONValue? {
        kind.form.defaults[setting]?(shown)
            ?? (kind.form.parts.contains(setting) ? .bool(false) : nil)
    }

    /// What a declared value is compared with, and as what: a secret by its public half. Nil for what is not
    /// known.
    func comparison(_ setting: String, _ declared: JSONValue) -> (
        declared: JSONValue, actual: JSONValue
    )? {
        if let half = kind.form.publicHalves[setting]?(declared), let actual = shown[half.member] {
            return (half.value, actual)
        }
        return value(of: setting).map { (declared, $0) }
    }
}

extension JSONValue {
    /// Those of a list.
    var texts: [String] {
        guard case .array(let elements) = self else { return [] }
        return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
}
