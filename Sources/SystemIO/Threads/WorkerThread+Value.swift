extension WorkerThread {
    /// The result of work that may block for long, such as on a pipe without a writer or an unreachable
    /// file server: it runs on a thread of its own. A caller that is cancelled does not wait for it.
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
