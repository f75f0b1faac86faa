import Foundation
import Glibc
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import wgw

@Suite("What a service manager is told")
struct NotifySocketTests {
    @Test("each state is one datagram to the manager's socket, in the file system or abstract")
    func states() throws {
        try TemporaryDirectory.with { folder in
            for name in [folder.appending(path: "notify").path, "@wgw-test-\(UUID())"] {
                let socket = try ManagerSocket(name)
                let manager = try #require(NotifySocket(environment: ["NOTIFY_SOCKET": name]))
                try manager.tell(.ready(status: "Up.\nREADY=0"))
                try manager.tell(.alive)
                try manager.tell(.stopping)
                #expect(
                    socket.messages() == [
                        ["READY=1", "STATUS=Up. READY=0"], ["WATCHDOG=1"], ["STOPPING=1"],
                    ]
                )
                try manager.tell(.reloading)
                let message = try #require(socket.messages().first)
                #expect(message.first == "RELOADING=1")
                #expect(message.last?.wholeMatch(of: /MONOTONIC_USEC=\d+/) != nil)
            }
        }
    }

    @Test(
        "a process without a usable socket has no service manager to tell",
        arguments: [
            nil, "", "relative/path", "vsock:2:1234", "/" + String(repeating: "a", count: 108),
        ]
    )
    func absent(name: String?) {
        var environment: [String: String] = [:]
        environment["NOTIFY_SOCKET"] = name
        #expect(NotifySocket(environment: environment) == nil)
    }

    @Test("a manager that has gone is an error with its reason, and not the end of the process")
    func gone() throws {
        let manager = try #require(
            NotifySocket(environment: ["NOTIFY_SOCKET": "/nonexistent/notify"])
        )
        let failure = #expect(throws: NotTold.self) { try manager.tell(.alive) }
        #expect(failure?.description == "No such file or directory")
    }

    @Test("the watchdog is meant for the process that its variable names, or for any")
    func watchdog() {
        func interval(_ more: [String: String]) -> Duration? {
            let environment = ["NOTIFY_SOCKET": "/run/notify"].merging(more) { $1 }
            return NotifySocket(environment: environment)?.watchdogInterval
        }
        #expect(interval([:]) == nil)
        #expect(interval(["WATCHDOG_USEC": "0"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "60000000"]) == .seconds(60))
        #expect(interval(["WATCHDOG_USEC": "5", "WATCHDOG_PID": "1"]) == nil)
        #expect(interval(["WATCHDOG_USEC": "5", "WATCHDOG_PID": "\(getpid())"]) != nil)
    }

    @Test("the manager hears that the process is alive as long as the pulse is felt")
    func pulse() async throws {
        let name = "@wgw-test-\(UUID())"
        let socket = try ManagerSocket(name)
        let (beats, beat) = AsyncStream<Void>.makeStream()
        let supervision = Supervision(
            environment: ["NOTIFY_SOCKET": name, "WATCHDOG_USEC": "1000"],
            logger: Logger(label: "test")
        ) {
            for await _ in beats { break }
        }
        let running = Task { try await supervision.run() }
        #expect(socket.messages().isEmpty)
        for _ in 0..<3 {
            beat.yield()
            let isAlive = try await eventually { socket.messages() == [["WATCHDOG=1"]] }
            #expect(isAlive)
        }
        running.cancel()
        try await running.value
        #expect(socket.messages() == [["STOPPING=1"]])
    }
}
