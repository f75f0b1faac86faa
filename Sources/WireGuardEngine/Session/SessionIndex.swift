extension Engine {
    /// A random receiver index that is free on this gateway, §5.4.2. Random, so that nobody can
    /// guess the index of somebody else's session.
    func makeIndex(on gateway: GatewayPointer) -> UInt32 {
        while true {
            let index = UInt32(truncatingIfNeeded: random.next())
            if gateway.pointee.sessions.find(index) == nil,
                gateway.pointee.pendingInitiations[index] == nil
            {
                return index
            }
        }
    }
}
