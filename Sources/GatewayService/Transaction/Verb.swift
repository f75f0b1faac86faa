/// Something that a caller may have done: the permission that it takes, and the rule, which runs in one
/// transaction. A verb is only a description; `ControlPlane.perform` carries it out.
///
/// All verbs are static members in extensions of this type, so that they are named where they are
/// performed: `perform(.createNetwork(request), by: caller)`.
package struct Verb<Value: Sendable>: Sendable {
    typealias Rule = @Sendable (Transaction, Caller) throws -> Value

    let permission: Permission
    let rule: Rule

    init(requiring permission: Permission, _ rule: @escaping Rule) {
        self.permission = permission
        self.rule = rule
    }
}
