import CommandLineProgram
import Logging
import NetAddress

/// How a hub is to run, apart from what its config file says.
struct HubSettings {
    let path: String
    let workers: Int
    let isPinning: Bool
    let udpGSO: BatchSending
    /// Nil for every address of the host.
    let bindAddress: IPAddress?
    let logLevel: Logger.Level

    init(
        path: String,
        isPinning: Bool,
        from sources: SettingSources,
        host: Host
    ) throws(CommandFailure) {
        let read = SettingReader(sources: sources, host: host)
        self.path = path
        self.isPinning = isPinning
        workers = try read(Settings.workers)
        udpGSO = try read(Settings.udpGSO)
        bindAddress = try read(Settings.bindAddress)
        logLevel = try read(Settings.logLevel)
    }
}
