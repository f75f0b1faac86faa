package import NetAddress
import SystemIO

/// `HOST:PORT`, where the host is an address or a name.
package enum TargetAddress {
    package static func resolve(
        _ text: String,
        of option: String = "--target"
    ) throws(LoadError) -> Endpoint {
        if let endpoint = Endpoint(text, zone: InterfaceNames.number) {
            guard endpoint.port > 0 else { throw LoadError("\(option) needs a port above 0") }
            return endpoint
        }
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]), port > 0, colon > text.startIndex
        else {
            throw LoadError("\(option) '\(text)' is not understood; write it like 192.0.2.1:51820")
        }
        do throws(NameLookupError) {
            var endpoint = try NameLookup.endpoint(of: String(text[..<colon]))
            endpoint.port = port
            return endpoint
        } catch {
            throw LoadError(
                "\(option): no address is known for '\(text[..<colon])': \(error.reason)"
            )
        }
    }
}
