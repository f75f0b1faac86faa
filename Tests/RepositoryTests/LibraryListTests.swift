import Foundation
import Testing

struct LibraryListTests {
    /// What only programs of Apple's systems contain.
    private static let leftOut: Set = ["apple/swift-nio-transport-services"]

    @Test("the server's list of libraries and licences names every package that it is built from")
    func complete() throws {
        let text = try Repository.text("Sources/wgw/Serve/LinkedLibraries.swift")
        let list = text.matches(of: /library\("([^"]+)", "[^"]+", "([^"]+)"\)/)
            .map { "\($0.2)/\($0.1)" }
        #expect(Set(list).count == list.count)
        let direct = try Repository.text("Package.swift").matches(of: /url: "([^"]+)"/)
            .map { Self.name(String($0.1)) }
        #expect(!direct.isEmpty)
        #expect(Set(direct).subtracting(list) == [])
        // SwiftPM writes it when it looks for the packages that these packages need.
        guard let resolved = try? Repository.text("Package.resolved") else { return }
        let all = resolved.matches(of: /"location" : "([^"]+)"/).map { Self.name(String($0.1)) }
        #expect(Set(all).subtracting(Self.leftOut).subtracting(list) == [])
    }

    /// `apple/swift-nio` of its URL.
    private static func name(_ url: String) -> String {
        let name = url.split(separator: "/").suffix(2).joined(separator: "/")
        return name.hasSuffix(".git") ? String(name.dropLast(4)) : name
    }
}
