import HTTPEdge
import WireGuardCrypto

extension Cipher {
    /// Stays zero while the library of the chosen cipher does its work.
    static var families: [MetricFamily] {
        var failures = MetricFamily(
            "wgw_cipher_failures_total",
            .counter,
            "Packets that the library of the chosen cipher failed to seal or open. BoringSSL works since the first one."
        )
        failures.add(Self.failures)
        return [failures]
    }
}
