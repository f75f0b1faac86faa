public import Synchronization

/// The standard library's `Mutex`, in a form whose order the thread sanitizer sees.
///
/// The sanitizer knows atomic operations of instrumented code and pthread's locks; `Mutex` is
/// neither, so that everything behind one would look like a race. A build for the sanitizer
/// (`THREAD_SANITIZER`) repeats its order in an atomic; any other build has the mutex and no more.
public struct Lock<Value: ~Copyable>: ~Copyable {
    @usableFromInline let mutex: Mutex<Value>
    #if THREAD_SANITIZER
        @usableFromInline let order = Atomic<UInt8>(0)
    #endif

    @inlinable
    public init(_ value: consuming sending Value) {
        mutex = Mutex(value)
    }

    @inlinable
    @inline(__always)
    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        #if THREAD_SANITIZER
            return try mutex.withLock { value throws(Failure) in
                _ = order.load(ordering: .acquiring)
                defer { order.store(0, ordering: .releasing) }
                return try body(&value)
            }
        #else
            return try mutex.withLock(body)
        #endif
    }
}

extension Lock: @unchecked Sendable where Value: ~Copyable {}
