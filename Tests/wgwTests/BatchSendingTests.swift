import Logging
import SystemIO
import Testing

@testable import wgw

@Suite("Whether the kernel cuts batches of datagrams")
struct BatchSendingTests {
    private func fault(_ change: (inout OffloadProbe) -> Void) throws -> String? {
        var probe = try OffloadProbe(at: Host.loopback, towards: nil)
        probe.intact = OffloadProbe.datagrams
        probe.cut = OffloadProbe.evenDatagrams
        change(&probe)
        return BatchSending.fault(of: probe)
    }

    @Test("a kernel or an interface that spoils or refuses batches of datagrams gets none")
    func faults() throws {
        #expect(try fault { _ in } == nil)
        // A firewall may refuse what goes nowhere, and a machine may have no default route.
        #expect(try fault { $0.deviceRefusal = 1 } == nil)
        #expect(try fault { $0.refusal = 22 }?.hasPrefix("the kernel sends no batches") == true)
        #expect(try fault { $0.intact = 3 }?.hasPrefix("the kernel spoils batches") == true)
        #expect(try fault { $0.cut = 14 }?.hasPrefix("the kernel spoils batches") == true)
        #expect(try fault { $0.deviceRefusal = 5 }?.hasPrefix("the interface of") == true)
    }

    @Test("batches of datagrams that the operator switched on or off are not tried")
    func switched() {
        let logger = Logger(label: "wgw") { _ in SwiftLogNoOpLogHandler() }
        #expect(BatchSending.on.isOn(for: nil, logger: logger))
        #expect(!BatchSending.off.isOn(for: nil, logger: logger))
    }

    @Test(
        "on and off of a YAML file need no quotes",
        arguments: [
            ("on", .on), ("off", .off), ("auto", .auto), ("true", .on), ("false", .off),
            ("maybe", nil),
        ]
            as [(String, BatchSending?)]
    )
    func yaml(text: String, mode: BatchSending?) {
        #expect(Settings.udpGSO.parse(text, Host.current) == mode)
    }
}
