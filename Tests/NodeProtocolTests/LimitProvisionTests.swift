import GatewayDomain
import NodeProtocol
import Testing

struct LimitProvisionTests {
    private static func line(quota: String) -> [UInt8] {
        Array(
            """
            {"peer":{"id":"\(Samples.peer)","gateway":"\(Samples.gateway)",\
            "key":"\(Samples.publicKey)","address":"10.1.0.2","limits":{"quota":\(quota)}}}
            """.utf8
        )
    }

    @Test("a quota is read as it is written, whatever happens at its end")
    func actions() throws {
        var secrets = PlainSecrets()
        for action in [MonthlyQuota.Action.warn, .throttle(64_000), .block] {
            let limits = UsageLimits(quota: MonthlyQuota(bytes: 5_000_000, action: action))
            let peer = PeerProvision(
                id: Samples.peer,
                gatewayID: Samples.gateway,
                publicKey: Samples.publicKey,
                presharedKey: nil,
                address: Samples.barePeer.address,
                lastEndpoint: nil,
                lastSeen: nil,
                limits: LimitProvision(limits: limits)
            )
            let line = try FeedLine.change(.peerPut(peer)).written(&secrets)
            guard case .change(.peerPut(let read)) = try FeedLine(line, &secrets) else {
                Issue.record("another kind of line")
                return
            }
            #expect(read.limits == peer.limits)
        }
    }

    @Test(
        "a quota with an end or a day that is not known is refused, and never taken for none",
        arguments: [
            (#"{"bytes":5,"action":"explode","day":1}"#, "action"),
            (#"{"bytes":5,"action":"block","day":29}"#, "day"),
            (#"{"bytes":5,"action":"throttle","day":1}"#, "rate"),
            (#"{"bytes":-5,"action":"block","day":1}"#, "bytes"),
            (#"{"bytes":5,"action":"block","day":1,"period":99999999999,"used":1}"#, "period"),
        ]
    )
    func refused(quota: String, member: String) {
        #expect(throws: WireError.member(member)) {
            var secrets = PlainSecrets()
            _ = try FeedLine(Self.line(quota: quota), &secrets)
        }
    }
}
