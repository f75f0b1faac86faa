import SystemIO

/// The program `resolvconf`, of openresolv or of systemd-resolved.
enum Resolvconf {
    private static let places = ["/sbin/resolvconf", "/usr/sbin/resolvconf", "/usr/bin/resolvconf"]

    /// Makes these the machine's name servers, before all others. False where the program is missing.
    static func add(_ servers: NameServers, for device: String) throws(ConnectError) -> Bool {
        // -m 0: the first of all; -x: and the only ones, so that no question goes past the tunnel.
        try run(["-a", device, "-m", "0", "-x"], input: servers.text)
    }

    static func remove(for device: String) {
        _ = try? run(["-d", device, "-f"])
    }

    private static func run(
        _ arguments: [String],
        input: String = ""
    ) throws(ConnectError) -> Bool {
        let result: ProgramResult
        do throws(ProgramError) {
            result = try ProgramResult.of(places, arguments, input: Array(input.utf8))
        } catch {
            switch error {
            case .notFound: return false
            case .failed(let reason): throw failure(reason)
            }
        }
        guard result.status == 0 else {
            let said = String(decoding: result.errors.prefix(500), as: UTF8.self)
            let line = said.split(separator: "\n").first.map(String.init)
            throw failure(line ?? "it ended with status \(result.status)")
        }
        return true
    }

    private static func failure(_ reason: String) -> ConnectError {
        ConnectError("resolvconf could not set the name servers: \(reason)")
    }
}
