import GatewayDomain
import HubRuntime
import NetAddress
import WireGuardCrypto

/// What the config file of a WireGuard server comes to here: a gateway with the server's key, port and
/// address, and the server's peers. Only the file decides; the server that makes it all has a say later.
struct ImportPlan {
    /// The file's name, as wg-quick would call the interface.
    let name: String
    let gateway: PlannedGateway
    /// In the order of the file.
    let peers: [PlannedPeer]
    /// What in the file is not taken over, as sentences.
    let remarks: FirstNotes<String>
}

struct PlannedGateway {
    let privateKey: SecretKey
    let publicKey: PublicKey
    let port: UInt16
    let serverAddress: InterfaceAddress
    let subnet: IPv4Prefix
    let mtu: Int
}

struct PlannedPeer {
    /// Where its section begins.
    let line: Int
    let name: String?
    let publicKey: PublicKey
    let presharedKey: SecretKey?
    /// Nil where the file routes no address of the subnet to it: then the server chooses one.
    let address: IPv4Address?
    /// What else the file routes to it, in its order, no two overlapping.
    let networks: [IPPrefix]
    /// Where the old server heard it, if the file was written by that server.
    let endpoint: Endpoint?
    /// Seconds; nil where the file has none.
    let keepalive: Int?
}

/// All that is wrong with a file for this purpose, at least one mistake.
struct ImportMistakes: Error, Equatable {
    struct Mistake: Equatable, Sendable {
        /// Nil for the section of the interface, which has each key once.
        let line: Int?
        /// Begins with the key.
        let reason: String
    }

    let list: [Mistake]
    /// The number of mistakes beyond these.
    var untold = 0
    /// What would not be taken over either.
    var remarks = FirstNotes<String>()
}

extension ImportPlan {
    /// - Parameters:
    ///   - names: what comments call the peers, by the lines of their sections.
    ///   - subnet: where the file's `Address` names none for peers, the one that is meant.
    init(
        _ configuration: HubConfiguration,
        names: [Int: String] = [:],
        name: String,
        subnet: IPv4Prefix? = nil
    ) throws(ImportMistakes) {
        var notes = ImportNotes()
        let withoutEffect = ": \(HubConfiguration.withoutEffect)"
        for remark in configuration.remarks where !remark.hasSuffix(withoutEffect) {
            notes.remark(remark)
        }
        let commands = configuration.ignoredKeys.filter { $0 == "PostUp" || $0 == "PreUp" }
        let others = configuration.ignoredKeys.filter { !commands.contains($0) }
        if !others.isEmpty { notes.remark(others.joined(separator: ", ") + withoutEffect) }
        if !commands.isEmpty {
            notes.remark(
                """
                \(commands.joined(separator: ", ")): is not run; what it lets peers reach beyond each other and the networks behind them, \
                such as the internet, they do not reach through the gateway
                """
            )
        }
        let gateway = PlannedGateway(configuration.interface, subnet: subnet, &notes)
        let routes = RoutedPrefixes(configuration, &notes)
        var peers: [PlannedPeer] = []
        for (index, peer) in configuration.peers.enumerated() {
            peers.append(
                PlannedPeer(
                    peer,
                    name: names[Int(peer.line)],
                    prefixes: routes.prefixes[index],
                    on: gateway,
                    &notes
                )
            )
        }
        guard notes.mistakes.isEmpty, let gateway else {
            throw ImportMistakes(
                list: notes.mistakes.first,
                untold: notes.mistakes.untold,
                remarks: notes.remarks
            )
        }
        self.init(
            name: name,
            gateway: gateway,
            peers: peers,
            remarks: notes.remarks
        )
    }
}

/// What is found on the way.
struct ImportNotes {
    private(set) var mistakes = FirstNotes<ImportMistakes.Mistake>()
    private(set) var remarks = FirstNotes<String>()

    mutating func refuse(line: Int? = nil, _ reason: String) {
        mistakes.add(ImportMistakes.Mistake(line: line, reason: reason))
    }

    mutating func remark(_ text: String) { remarks.add(text) }
}

/// The first of a list that may be as long as a hostile file makes it, and how many are left out.
struct FirstNotes<Note: Equatable & Sendable>: Equatable, Sendable {
    /// More of them do not help.
    private static var most: Int { 100 }

    private(set) var first: [Note] = []
    private(set) var untold = 0

    var isEmpty: Bool { first.isEmpty }

    mutating func add(_ note: Note) {
        if first.count < Self.most { first.append(note) } else { untold += 1 }
    }
}
