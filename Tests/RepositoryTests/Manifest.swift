import Foundation

/// Package.swift as a table: which of our targets a target may import.
struct Manifest {
    let dependencies: [String: Set<String>]

    init(text: String) {
        var dependencies: [String: Set<String>] = [:]
        let declarations = text.matches(
            of: /\.(?:executableTarget|target|testTarget)\(\s*name: "([\w-]+)"/
        )
        for (index, declaration) in declarations.enumerated() {
            let next = index + 1 < declarations.count
            let end = next ? declarations[index + 1].range.lowerBound : text.endIndex
            let body = text[declaration.range.upperBound..<end]
            dependencies[String(declaration.1)] = Self.names(in: body)
        }
        self.dependencies = dependencies
    }

    /// All targets that a target is linked with.
    func reach(of target: String) -> Set<String> {
        var reached: Set<String> = []
        var names = [target]
        while let name = names.popLast() {
            for dependency in dependencies[name] ?? [] where reached.insert(dependency).inserted {
                names.append(dependency)
            }
        }
        return reached
    }

    /// The plain strings of `dependencies: [...]`; a product of another package is not one.
    private static func names(in body: Substring) -> Set<String> {
        guard let list = body.firstMatch(of: /dependencies: \[([^\]]*)\]/) else { return [] }
        return Set(list.1.matches(of: /(?:^|[\[,])\s*"([\w-]+)"/).map { String($0.1) })
    }
}
