import CommandLineProgram
import Foundation

/// The browser that a desktop opens pages with.
enum DesktopBrowser {
    private static let program = "xdg-open"

    /// Arguments of a program can be read by all users of the machine: so the browser is given a page of
    /// this user's own, which leads on to the link.
    static func open(_ url: String) throws {
        let page = PrivateFile(folder + "/portal.html", holding: "a link that signs in")
        try page.makeFolder()
        try page.write(
            """
            <!doctype html>
            <meta name="referrer" content="no-referrer">
            <meta http-equiv="refresh" content="0; url=\(url)">
            <title>wgw</title>

            """
        )
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program, page.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw failure
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw failure }
    }

    private static var failure: CommandFailure {
        CommandFailure(
            "\(program) opened no browser; run wgw portal and open the link that it prints"
        )
    }

    private static var folder: String {
        let environment = ProcessInfo.processInfo.environment
        let cache = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (cache ?? NSHomeDirectory() + "/.cache") + "/wgw"
    }
}
