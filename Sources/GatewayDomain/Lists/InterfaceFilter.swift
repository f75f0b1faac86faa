/// What a caller asks the list of a network's interfaces for. All conditions must hold.
package struct InterfaceFilter: Equatable, Sendable {
    package var name: String?
    /// One that no interface has finds none.
    package var type: String?
    package var status: InterfaceStatus?

    package init() {}
}
