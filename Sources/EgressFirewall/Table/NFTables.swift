import JSON
import SystemIO

/// The program `nft`, the one way to the kernel's tables here.
enum NFTables {
    /// Where Debian and others have it; the paths of services are often without sbin.
    private static let places = [
        "/usr/sbin/nft", "/sbin/nft", "/usr/bin/nft", "/usr/local/sbin/nft",
    ]

    /// A machine with a hundred thousand addresses in its tables has some ten million bytes.
    private static let maximumBytes = 1 << 26

    static func apply(_ script: String) throws(FirewallError) {
        _ = try run(["-f", "-"], input: script)
    }

    /// The objects below "nftables", of all tables or of one. Nil where that is not there.
    static func list(_ words: [String]) throws(FirewallError) -> [JSONValue]? {
        let output: [UInt8]
        do {
            output = try run(["-j", "list"] + words)
        } catch .refused(let reason) where reason.contains("No such file or directory") {
            return nil
        }
        guard let answer = try? JSONParser.parse(output), case .object(let object) = answer,
            case .array(let objects) = object["nftables"]
        else { throw .refused("it answered something else than a list of tables") }
        return objects
    }

    private static func run(
        _ arguments: [String],
        input: String = ""
    ) throws(FirewallError) -> [UInt8] {
        let result: ProgramResult
        do throws(ProgramError) {
            result = try ProgramResult.of(
                places,
                arguments,
                input: Array(input.utf8),
                limit: maximumBytes
            )
        } catch {
            switch error {
            case .notFound: throw .programMissing
            case .failed(let reason): throw .refused(reason)
            }
        }
        guard result.status == 0 else {
            let message = String(decoding: result.errors.prefix(2000), as: UTF8.self)
            if message.contains("Operation not permitted") { throw .rightMissing(.current) }
            let line = message.split(separator: "\n").first.map(String.init)
            throw .refused(line ?? "it ended with status \(result.status)")
        }
        return result.output
    }
}
