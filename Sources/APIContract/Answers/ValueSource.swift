/// Where the value of a member comes from.
struct ValueSource<Object, Value>: Sendable {
    /// An object is read where it lies: to hand it over by value copies all of it, for each of its members.
    let read: @Sendable (UnsafePointer<Object>) -> Value

    /// A property, or one inside of another.
    init(_ path: any KeyPath<Object, Value> & Sendable) {
        guard let offset = MemoryLayout<Object>.offset(of: path) else {
            read = { $0.pointee[keyPath: path] }
            return
        }
        // It is stored in the object itself; to follow the path anew takes ten times as long.
        read = { object in
            (UnsafeRawPointer(object) + offset).assumingMemoryBound(to: Value.self).pointee
        }
    }

    init(_ value: @escaping @Sendable (Object) -> Value) {
        read = { value($0.pointee) }
    }

    func callAsFunction(_ object: Object) -> Value {
        withUnsafePointer(to: object, read)
    }
}
