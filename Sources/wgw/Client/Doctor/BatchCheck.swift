import Glibc
import NetAddress
import SystemIO

/// Whether the kernel takes and gives batches of datagrams (GSO, GRO), without which each costs a system call's
/// work of its own. Tried with datagrams from this machine to itself, and with one batch that the hop limit lets
/// no further than the router of the default route.
enum BatchCheck {
    static func run(address: IPAddress?, isOutward: Bool = true) -> CheckResult {
        let local = address ?? Host.loopback
        do throws(SystemError) {
            let probe = try OffloadProbe(
                at: local,
                towards: isOutward && address != nil ? Self.farAway(from: local) : nil
            )
            return judge(
                probe,
                isOutward: isOutward && address != nil,
                interface: InterfaceNames.name(having: local) ?? "INTERFACE"
            )
        } catch {
            return .error(
                .batches,
                "Batches of datagrams could not be tried: \(error).",
                nextStep: "Look at the reason, and run wgw doctor again."
            )
        }
    }

    /// Of the addresses that are reserved for documentation (RFC 5737, RFC 3849), with the discard port.
    static func farAway(from address: IPAddress) -> Endpoint {
        switch address {
        case .v4: Endpoint(address: .v4(IPv4Address(bits: 0xc000_0201)), port: 9)
        case .v6: Endpoint(address: .v6(IPv6Address(high: 0x2001_0db8 << 32, low: 1)), port: 9)
        }
    }

    static func judge(_ probe: OffloadProbe, isOutward: Bool, interface: String) -> CheckResult {
        let all = OffloadProbe.datagrams
        if let refusal = probe.refusal {
            return .warning(
                .batches,
                "The kernel does not send batches of datagrams (UDP_SEGMENT): \(reason(refusal)).",
                nextStep:
                    "Use Linux 4.18 or newer; without batches the server needs more processor time."
            )
        }
        guard probe.intact == all, probe.cut == OffloadProbe.evenDatagrams else {
            let arrived = probe.intact == all ? probe.cut : probe.intact
            let sent = probe.intact == all ? OffloadProbe.evenDatagrams : all
            return .error(
                .batches,
                """
                Of a batch of \(sent) datagrams that this machine sent to itself, \(arrived) arrived as they \
                were sent.
                """,
                nextStep: """
                    The server sends datagrams one by one unless udp-gso is on; switch the segmentation of UDP off for \
                    other programs, and report the version of this kernel (uname -r).
                    """,
                command: "sudo ethtool -K \(interface) tx-udp-segmentation off"
            )
        }
        if let refusal = probe.deviceRefusal, refusal == EIO {
            return .warning(
                .batches,
                """
                The interface \(interface) of the default route cannot send batches of datagrams, as it computes no \
                checksums; the server sends each datagram by itself.
                """,
                nextStep: "Switch its checksums on.",
                command: "sudo ethtool -K \(interface) tx on"
            )
        }
        guard probe.mostJoined > 1 else {
            return .warning(
                .batches,
                "The kernel does not join the datagrams that it receives (UDP_GRO); each is handed over alone.",
                nextStep: "Use Linux 5.0 or newer; without it the server needs more processor time."
            )
        }
        return .ok(
            .batches,
            """
            A batch of \(all) datagrams arrived whole, \(probe.mostJoined) at once\
            \(isOutward && probe.deviceRefusal == nil ? ", and \(interface) sends batches" : "").
            """
        )
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
