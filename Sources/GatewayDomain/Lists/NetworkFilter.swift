/// Which networks are asked for: those that meet all conditions. Nil leaves a condition out.
package struct NetworkFilter: Equatable, Sendable {
    package var name: String?
    package var nameContains: String?

    package init() {}
}
