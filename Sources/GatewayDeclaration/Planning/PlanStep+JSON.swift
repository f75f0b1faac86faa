package import JSON

extension Plan.Step {
    /// The step for programs. Secrets are in it as little as in the text for people.
    package var json: JSONValue {
        var object = JSONObject()
        switch action {
        case .create(let creation):
            object.add("action", "create")
            describe(&object)
            object.add(
                "members",
                .object(
                    JSONObject(
                        creation.settings.members.filter {
                            kind.form.setting($0.name)?.isShown == true
                        }
                    )
                )
            )
        case .change(let id, let changes):
            object.add("action", "change")
            describe(&object)
            object.add(DeclaredObject.idMember, .string(id))
            object.add("changes", .array(changes.map(\.json)))
        case .delete(let id):
            object.add("action", "delete")
            describe(&object)
            object.add(DeclaredObject.idMember, .string(id))
            if !company.isEmpty { object.add("deleted_peers_count", .integer(company.count)) }
        }
        return .object(object)
    }

    private func describe(_ object: inout JSONObject) {
        object.add("kind", .string(kind.noun))
        object.add(DeclaredObject.nameMember, .string(name))
    }
}

extension Plan.MemberChange {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object.add("member", .string(name))
        if !isSecret {
            object.add("old", old ?? .null)
            object.add("new", new)
        }
        return .object(object)
    }
}
