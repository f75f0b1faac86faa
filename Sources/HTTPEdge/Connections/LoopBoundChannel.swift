import HummingbirdCore
import Logging
import NIOCore

/// Has the requests of a connection worked on by the thread that reads them from its socket. Most are
/// answered in less time than it takes to wake another thread and be woken by it.
struct LoopBoundChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    private let executors = PerLoop<LoopExecutor>()

    init(_ base: Base) {
        self.base = base
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        base.setup(channel: channel, logger: logger)
    }

    func handle(value: Base.Value, logger: Logger) async {
        let loop = value.channel.eventLoop
        let executor = executors.value(of: loop) { LoopExecutor(loop) }
        await withTaskExecutorPreference(executor) {
            await base.handle(value: value, logger: logger)
        }
    }
}

private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
