/// What a caller asks the list of a network's interfaces for. All conditions must hold.
package struct InterfaceFilter: Equatable, Sendable {
    package var name: String?
    /// `wireguard_interface` is the only type with rows in this release.
    package var type: String?
    package var status: InterfaceStatus?

    package init() {}

    package static let wireGuardType = "wireguard_interface"
}
