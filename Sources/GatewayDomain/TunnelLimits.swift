/// What the settings of a tunnel may be, for a gateway and for the whole installation.
package enum TunnelLimits {
    /// Zero is none. WireGuard configs have 16 bits for it.
    package static let keepaliveSeconds = 0...65_535
    /// From what every IPv6 link carries to what jumbo frames do.
    package static let mtus = 1_280...9_200
    /// The number of networks behind one peer.
    package static let mostAllowedIPs = 256
}
