package struct MasterKey: Sendable {}
