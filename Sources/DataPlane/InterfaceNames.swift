import Glibc

/// The host's interfaces by the names that people know, for the zones of link-local addresses.
package enum InterfaceNames {
    package static func number(of name: String) -> UInt32? {
        let number = if_nametoindex(name)
        return number == 0 ? nil : number
    }

    /// The number itself where the interface no longer exists.
    package static func name(of number: UInt32) -> String {
        var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        return if_indextoname(number, &name).map { String(cString: $0) } ?? "\(number)"
    }
}
