import Glibc
import Logging
import NetAddress
import SystemIO

/// Whether batches of datagrams are left to the kernel to cut (`--udp-gso`). Kernels and drivers were seen that spoil
/// what they cut, so that a look at their version is not enough.
enum BatchSending: String, CaseIterable {
    case auto, on, off

    /// - Parameter address: where gateways listen; nil for every address of the host.
    func isOn(for address: IPAddress?, logger: Logger) -> Bool {
        switch self {
        case .on: return true
        case .off: return false
        case .auto: break
        }
        let own = address ?? Host.current.defaultRouteAddress
        guard let reason = Self.fault(at: own) else { return true }
        logger.warning("datagrams are sent one by one", metadata: ["reason": "\(reason)"])
        return false
    }

    /// Nil where a batch arrived as it was sent, and where that could not be tried: a gateway's own socket then says
    /// what is wrong.
    private static func fault(at address: IPAddress?) -> String? {
        let probe = try? OffloadProbe(
            at: address ?? Host.loopback,
            towards: address.map { BatchCheck.farAway(from: $0) }
        )
        return probe.flatMap { fault(of: $0) }
    }

    static func fault(of probe: OffloadProbe) -> String? {
        if let refusal = probe.refusal {
            return "the kernel sends no batches: \(String(cString: strerror(refusal)))"
        }
        guard probe.intact == OffloadProbe.datagrams, probe.cut == OffloadProbe.evenDatagrams else {
            return "the kernel spoils batches that it cuts; report its version (uname -r)"
        }
        guard probe.deviceRefusal != EIO else {
            return "the interface of the default route computes no checksums; see wgw doctor"
        }
        return nil
    }
}
