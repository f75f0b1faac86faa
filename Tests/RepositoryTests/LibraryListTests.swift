import Foundation
import Testing

struct LibraryListTests {
    /// What only programs of Apple's systems contain.
    private static let leftOut: Set = ["swift-nio-transport-services"]

    @Test("the server's list of libraries names what Package.resolved does, in the same versions")
    func complete() throws {
        struct Resolved: Decodable {
            struct Pin: Decodable {
                struct State: Decodable { let version: String? }
                let location: String
                let state: State
            }
            let pins: [Pin]
        }
        let resolved = try JSONDecoder().decode(
            Resolved.self,
            from: Data(try Repository.text("Package.resolved").utf8)
        )
        let pins = resolved.pins.compactMap { pin -> String? in
            let parts = pin.location.split(separator: "/").suffix(2)
            guard let owner = parts.first, var name = parts.last else { return nil }
            if name.hasSuffix(".git") { name.removeLast(4) }
            guard !Self.leftOut.contains(String(name)) else { return nil }
            return "\(owner)/\(name) \(pin.state.version ?? "without a version")"
        }
        let text = try Repository.text("Sources/wgw/Serve/LinkedLibraries.swift")
        let list = text.matches(of: /library\("([^"]+)", "([^"]+)", "[^"]+", "([^"]+)"\)/)
            .map { "\($0.3)/\($0.1) \($0.2)" }
        #expect(Set(pins).symmetricDifference(list) == [])
        #expect(list.count == pins.count)
    }
}
