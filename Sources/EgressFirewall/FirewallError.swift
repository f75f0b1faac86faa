/// Why the kernel could not be told. The description is a sentence for `status_reason` and the log, which
/// ends with the commands that help, as that of a `ForwardObstacle` does.
package enum FirewallError: Error, Equatable, CustomStringConvertible {
    case programMissing
    case rightMissing(ProgramPlace)
    case refused(String)
    case forwarding(device: String, reason: String)

    package var description: String {
        switch self {
        case .programMissing:
            "The program nft is missing, which egress needs: run sudo apt-get install nftables."
        case .rightMissing(.service):
            """
            Egress needs the right CAP_NET_ADMIN, which this server does not have; a service is given it by a drop-in \
            of its unit: run sudo install -D -m 644 /usr/share/wgw/egress.conf \
            /etc/systemd/system/wgw.service.d/egress.conf and sudo systemctl daemon-reload and \
            sudo systemctl restart wgw.
            """
        case .rightMissing(.container):
            """
            Egress needs the right CAP_NET_ADMIN, which the container of this server does not have: start the \
            container anew with --cap-add NET_ADMIN and --device /dev/net/tun.
            """
        case .rightMissing(.other):
            """
            Egress needs the right CAP_NET_ADMIN, which this server does not have: start wgw serve anew as root, with \
            sudo and the same options.
            """
        case .refused(let reason):
            "The program nft could not install the firewall table that egress needs: \(reason)."
        case .forwarding(let device, let reason):
            """
            Forwarding of IPv4 could not be switched on for \(device), which egress needs (\(reason)): \
            run sudo sysctl -w net.ipv4.conf.\(device.sysctlName).forwarding=1.
            """
        }
    }
}

extension String {
    /// sysctl takes a dot between names, so one in a name is written as a slash.
    var sysctlName: String {
        split(separator: ".", omittingEmptySubsequences: false).joined(separator: "/")
    }
}
