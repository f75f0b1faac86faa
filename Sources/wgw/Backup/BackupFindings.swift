import CommandLineProgram
import GatewayService
import GatewayStore

/// What the operator should know of a copy that can be used all the same.
struct BackupFindings {
    private static let mostNamed = 3
    /// Nil where all is well.
    let sentence: String?

    init(_ inspection: CopyInspection) {
        let unopened = inspection.unopened
        guard !unopened.isEmpty else {
            sentence = nil
            return
        }
        let named = unopened.prefix(Self.mostNamed).joined(separator: ", ")
        let rest = unopened.count - min(unopened.count, Self.mostNamed)
        sentence = """
            the master key does not open the keys of \(named)\(rest > 0 ? " and \(rest) more" : ""): the \
            server leaves these out; delete them and make them anew
            """
    }

    func warn() {
        guard let sentence else { return }
        try? OutputFile.standardError.write(sentence: "wgw: \(sentence)")
    }
}

extension SealedKeys.Counts: CustomStringConvertible {
    /// `1 network, 2 gateways, 30 peers`
    package var description: String {
        [("network", networks), ("gateway", gateways), ("peer", peers)]
            .map { name, count in "\(count) \(name)\(count == 1 ? "" : "s")" }
            .joined(separator: ", ")
    }
}
