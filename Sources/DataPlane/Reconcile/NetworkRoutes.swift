import NetAddress
import WireGuardEngine

/// Which prefix leads where in one network. What comes of several claims to one prefix depends on
/// the claims alone and not on their order, so that steps and whole states lead to the same view.
struct NetworkRoutes {
    /// Of two claims the smaller one stands: a gateway's own address before what peers claim, and that before what is
    /// said to be on other nodes.
    enum Rank: Comparable {
        case gateway(DesiredGateway.ID)
        case peer(DesiredPeer.ID)
        case link(DesiredLink.ID)
    }

    struct Claim {
        let destination: Destination
        let rank: Rank
    }

    /// What one gateway's peers may reach through the node's interface.
    struct Egress: Equatable {
        let gateway: GatewayHandle
        let configuration: EgressConfiguration
    }

    /// As it was published last.
    private(set) var view = NetworkView()
    private var blocks: [IPPrefix] = []
    private var egress: [Egress] = []
    private var groups: [GroupContent?] = []
    private var madeGroups: [NextHopGroup?] = []
    /// Routes that the next view has otherwise than `view`; nil ends a route.
    private var pending: [IPPrefix: Destination?] = [:]
    /// All claims to each prefix that has more than one, which is rare.
    private var contested: [IPPrefix: [Claim]] = [:]

    /// - Parameter rank: of the claim that stands, if there is one.
    mutating func add(_ claim: Claim, to prefix: IPPrefix, rank: (Destination) -> Rank) {
        guard let standing = destination(of: prefix) else {
            pending[prefix] = .some(claim.destination)
            return
        }
        var claims =
            contested[prefix] ?? [Claim(destination: standing, rank: rank(standing))]
        guard !claims.contains(where: { $0.destination == claim.destination }) else { return }
        claims.append(claim)
        resolve(prefix, claims)
    }

    mutating func remove(_ destination: Destination, from prefix: IPPrefix) {
        if var claims = contested[prefix] {
            claims.removeAll { $0.destination == destination }
            resolve(prefix, claims)
        } else if self.destination(of: prefix) == destination {
            pending[prefix] = .some(nil)
        }
    }

    /// The network's own subnets, and the ways out of it, in a stable order.
    ///
    /// - Returns: whether the view is another one now.
    mutating func replace(blocks nextBlocks: [IPPrefix], egress next: [Egress]) -> Bool {
        guard blocks != nextBlocks || egress != next else { return false }
        (blocks, egress) = (nextBlocks, next)
        view = view.replacing(
            blocks: blocks,
            egress: next.map { ($0.gateway, $0.configuration) }
        )
        return true
    }

    /// The lanes that lead to other nodes. Groups that are as before stay the same objects.
    ///
    /// - Returns: whether the view is another one now.
    mutating func replace(groups next: [GroupContent?], choices: (DesiredLink.ID) -> PathChoice)
        -> Bool
    {
        guard groups != next else { return false }
        madeGroups = next.enumerated().map { index, content in
            guard let content else { return nil }
            if index < groups.count, groups[index] == content { return madeGroups[index] }
            return NextHopGroup(
                to: content.remote,
                lanes: content.lanes,
                choice: choices(content.id)
            )
        }
        groups = next
        view = view.replacing(groups: madeGroups)
        return true
    }

    /// Makes the next view.
    ///
    /// - Returns: whether it is another one.
    mutating func commit() -> Bool {
        defer { pending.removeAll() }
        let changes = pending.filter { view.destination(ofExactly: $0.key) != $0.value }
        guard !changes.isEmpty else { return false }
        view = view.changing(
            removed: changes.filter { $0.value == nil }.map(\.key),
            inserted: changes.compactMap { prefix, destination in
                destination.map { (prefix, $0) }
            }
        )
        return true
    }

    private mutating func resolve(_ prefix: IPPrefix, _ claims: [Claim]) {
        contested[prefix] = claims.count > 1 ? claims : nil
        pending[prefix] = .some(claims.min { $0.rank < $1.rank }?.destination)
    }

    private func destination(of prefix: IPPrefix) -> Destination? {
        pending[prefix] ?? view.destination(ofExactly: prefix)
    }
}
