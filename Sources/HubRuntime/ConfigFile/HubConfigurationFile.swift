import DataPlane
import Glibc
import SystemIO

/// The config file on disk, read at the start and again at each SIGHUP.
package struct HubConfigurationFile: Sendable {
    package let path: String

    /// A million peers.
    private static let maximumBytes = 1 << 28

    package init(_ path: String) {
        self.path = path
    }

    /// `wg0` of `/etc/wireguard/wg0.conf`: what wg-quick would call the interface. One word of
    /// characters that can be seen, so that programs can read it from a line.
    package var interfaceName: String {
        let base = path.split(separator: "/").last.map(String.init) ?? path
        let name = base.hasSuffix(".conf") && base.utf8.count > 5 ? String(base.dropLast(5)) : base
        return name.visibleName
    }

    /// Tells the files of one name in different folders apart. FNV-1a. A file that is a link is the
    /// same one whatever it leads to: that may change with each version of the file.
    var pathHash: UInt64 {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { path[path.index(after: $0)...] } ?? path[...]
        let given = slash.map { path[...$0] } ?? "."
        let resolved = realpath(String(given), nil)
        defer { free(resolved) }
        let folder = resolved.map { String(cString: $0) } ?? String(given)
        let absolute = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
        return absolute.utf8.reduce(0xcbf2_9ce4_8422_2325) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
        }
    }

    package func read() throws(HubFileError) -> HubConfiguration {
        var (text, isPublic) = try contents()
        // The text holds private keys.
        defer { text.wipe() }
        do throws(ConfigError) {
            var configuration = try HubConfiguration(parsing: text)
            if isPublic {
                configuration.remarks.append("every user can read this file; chmod 600 \(path)")
            }
            return configuration
        } catch {
            throw HubFileError(path: path, line: error.line, reason: error.reason)
        }
    }

    /// The file as another program takes it over, with what its comments call the peers, by the lines
    /// of their sections; or its first mistakes.
    package func readAll() throws(HubFileErrors) -> (
        configuration: HubConfiguration, names: [Int: String]
    ) {
        var text: [UInt8]
        do throws(HubFileError) {
            text = try contents().text
        } catch {
            throw HubFileErrors(list: [error])
        }
        defer { text.wipe() }
        do throws(ConfigErrors) {
            let configuration = try HubConfiguration(checking: text, mostErrors: Self.mostErrors)
            return (configuration, PeerComments.names(in: text))
        } catch {
            throw HubFileErrors(list: error.all.map { self.error(line: $0.line, $0.reason) })
        }
    }

    /// More of them do not help.
    private static let mostErrors = 100

    /// A mistake of this file that something behind the parser finds.
    package func error(line: Int?, _ reason: String) -> HubFileError {
        HubFileError(path: path, line: line, reason: reason)
    }

    private func contents() throws(HubFileError) -> (text: [UInt8], isPublic: Bool) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(errno) }
        do throws(SmallFileError) {
            let text = try SmallFile.read(
                descriptor,
                atMost: Self.maximumBytes,
                expecting: Int(clamping: status.st_size)
            )
            return (text, status.st_mode & 0o004 != 0)
        } catch {
            switch error {
            case .system(let errno): throw unreadable(errno)
            case .tooLarge:
                throw HubFileError(path: path, line: nil, reason: "larger than 256 MiB")
            }
        }
    }

    private func unreadable(_ errno: Int32) -> HubFileError {
        let reason = "cannot be read: \(String(cString: strerror(errno)))"
        return HubFileError(path: path, line: nil, reason: reason)
    }
}

/// What is wrong with a config file, and where: `wg0.conf:7: AllowedIPs: expected …`.
package struct HubFileError: Error, Equatable, CustomStringConvertible {
    let path: String
    let line: Int?
    let reason: String

    package var description: String {
        "\(path):\(line.map { "\($0):" } ?? "") \(reason)"
    }
}

/// All that is wrong with a config file, at least one mistake.
package struct HubFileErrors: Error {
    package let list: [HubFileError]
}
