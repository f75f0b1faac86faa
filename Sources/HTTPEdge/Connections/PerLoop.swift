import NIOCore
import Synchronization

/// One value for each event loop.
final class PerLoop<Value: Sendable>: Sendable {
    private let known = Mutex<[ObjectIdentifier: Value]>([:])

    func value(of loop: any EventLoop, made make: () -> Value) -> Value {
        known.withLock { known in
            if let value = known[ObjectIdentifier(loop)] { return value }
            let value = make()
            known[ObjectIdentifier(loop)] = value
            return value
        }
    }
}
