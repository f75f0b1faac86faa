extension WorkerThread {
    /// What the work gives, done on a thread of its own: it may wait for a pipe without a writer or for
    /// a file server that is gone. A caller that is cancelled goes on without it.
    package static func value<Value: Sendable>(
        named name: String,
        of work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let (results, result) = AsyncStream<Result<Value, any Error>>.makeStream()
        try WorkerThread(named: name, processor: nil) {
            result.yield(Result(catching: work))
            result.finish()
        }.detach()
        for await result in results { return try result.get() }
        throw CancellationError()
    }
}
