/// An object that is declared, on the server, or both.
struct PlannedObject: Sendable {
    let kind: DeclaredKind
    /// Its place among the planned objects.
    let parent: Int?
    var declared: DeclaredObject?
    let existing: ServerState.Object?
    /// Whether it is known which one it is, and where. If not, that is noted; others may belong to it all the
    /// same.
    var isPlaced = true

    /// A new name is the one that references use.
    var name: String? { declared?.name ?? existing?.name }

    func isCalled(_ text: String) -> Bool { name == text || existing?.id == text }
}
