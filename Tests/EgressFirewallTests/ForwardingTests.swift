import Foundation
import TestSupport
import Testing

@testable import EgressFirewall

@Suite("What was switched on is remembered and given back")
struct ForwardingTests {
    @Test("the devices of a killed process are read again, and names that are paths are not")
    func remembered() throws {
        try TemporaryDirectory.with { folder in
            let devices = SwitchedDevices(dataDirectory: folder.path)
            #expect(devices.read() == nil)
            try devices.write([])
            #expect(devices.read() == [])
            try devices.write(["eth0", "../all", "..", ".", "vlan.7"])
            #expect(devices.read() == ["eth0", "vlan.7"])
            devices.remove()
            #expect(devices.read() == nil)
        }
    }

    @Test("a switch that cannot be set says the command that sets it")
    func failure() {
        let forwarding = ForwardingSwitch(folder: "/nonexistent")
        #expect(!forwarding.isOn("eth0.5"))
        let error = #expect(throws: FirewallError.self) { try forwarding.set("eth0.5", true) }
        #expect(
            error?.description.hasSuffix("sudo sysctl -w net.ipv4.conf.eth0/5.forwarding=1.")
                == true
        )
    }
}
