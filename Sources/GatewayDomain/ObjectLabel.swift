/// An object as an error names it to its owner: by its name, where it has one, and by its id.
package struct ObjectLabel: Equatable, Sendable {
    private let id: String
    private let name: String?

    package init(_ id: some CustomStringConvertible, named name: String?) {
        self.id = id.description
        self.name = name
    }
}

extension ObjectLabel: CustomStringConvertible {
    package var description: String { name.map { "'\($0)' (\(id))" } ?? id }
}
