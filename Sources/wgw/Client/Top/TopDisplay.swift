import CommandLineProgram
import Foundation
import GatewayClient

/// `wgw top` on a terminal: takes samples, reads keys, and shows the page after each of them.
struct TopDisplay {
    let client: GatewayClient
    let interval: Duration
    let count: Int?
    let screen: FullScreen

    private enum Event {
        case sample(TopSample)
        case trouble(any Error)
        case wake(FullScreen.Wake)
    }

    func show() async throws {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let sampling = Task { await takeSamples(continuation) }
        defer {
            sampling.cancel()
            screen.end()
        }
        readKeys(continuation)

        var page = TopPage()
        var rates = TopRates()
        var isFirst = true
        for await event in events {
            let size = screen.size
            switch event {
            case .sample(let sample):
                page.show(sample, rates.take(sample))
                if isFirst { WaitingNote.end() }
                isFirst = false
            case .trouble(let error):
                // Nothing was shown yet: the command fails as any other does.
                guard !isFirst else { throw error }
                page.trouble = "\(error)"
            case .wake(.keys(let keys)):
                for key in keys {
                    switch key {
                    case .quit: return
                    case .sort: page.sortByNext()
                    case .up: page.move(by: -1, height: size.height)
                    case .down: page.move(by: 1, height: size.height)
                    case .pageUp: page.move(by: -page.room(size.height), height: size.height)
                    case .pageDown: page.move(by: page.room(size.height), height: size.height)
                    }
                }
            case .wake(.resize): page.move(by: 0, height: size.height)
            case .wake(.nothing): continue
            }
            guard !isFirst else { continue }
            try screen.show(page.text(width: size.width, height: size.height, on: .output))
        }
    }

    private func takeSamples(_ events: AsyncStream<Event>.Continuation) async {
        var left = count
        while !Task.isCancelled, left != 0 {
            do {
                events.yield(.sample(try await .take(client)))
            } catch {
                events.yield(.trouble(error))
            }
            try? await Task.sleep(for: interval)
            left = left.map { $0 - 1 }
        }
        events.finish()
    }

    /// On a thread of its own, which ends with the stream.
    private func readKeys(_ events: AsyncStream<Event>.Continuation) {
        let screen = screen
        Thread.detachNewThread {
            while true {
                // Given on even if it is nothing: so the thread learns that the stream has ended.
                let wake = screen.wait(milliseconds: 100)
                if case .terminated = events.yield(.wake(wake)) { return }
            }
        }
    }
}
