import CommandLineProgram
import Foundation
import GatewayDomain
import NetAddress
import SystemIO

/// What is found by looking at this machine, where the server runs on it or none could be asked.
enum MachineChecks {
    /// - Parameter asked: what was found about the server. One that answers from elsewhere has its own machine.
    static func run(besides asked: [CheckResult]) async -> [CheckResult] {
        let process = (try? LocalServer.find(.current))?.record.process
        guard
            process != nil || asked.contains(where: { $0.code == .server && $0.severity == .error })
        else { return [] }
        let files = SystemFiles()
        let settings: ServedSettings
        do throws(CommandFailure) {
            settings = try await ServedSettings(of: process, files, host: .current)
        } catch {
            return [
                .error(
                    .settings,
                    "A server does not start with these settings: \(error).",
                    nextStep: "Correct the setting, and run wgw doctor again for the other checks."
                )
            ] + machine(files)
        }
        var results: [CheckResult] = []
        if settings.hasGateways, !asked.contains(where: { $0.code == .endpoint }) {
            results.append(
                EndpointCheck.run(settings.publicHost) { name throws(NameLookupError) in
                    try NameLookup.endpoint(of: name).address
                }
            )
        }
        if settings.hasGateways {
            results.append(
                PortRangeCheck.run(
                    files,
                    ports: settings.ports,
                    bindAddress: settings.bindAddress,
                    server: process
                )
            )
        }
        results += machine(files)
        results.append(ReceiveDropCheck.run(files, ports: settings.ports))
        if let process {
            results.append(
                OpenFileCheck.run(
                    files,
                    process: process,
                    processors: ProcessInfo.processInfo.processorCount,
                    workers: settings.workers,
                    ports: settings.ports
                )
            )
        }
        return results
    }

    /// What no setting changes.
    private static func machine(_ files: SystemFiles) -> [CheckResult] {
        [
            SocketBufferCheck.run(files),
            BatchCheck.run(address: Host.current.defaultRouteAddress),
        ] + EgressCheck.run(files) + ForwardedBatchCheck.run(files)
    }
}
