import GatewayDomain
import GatewayStore

/// Gives the schema's refusal of a second peer with the same key the name that callers know.
func namingDuplicateKeys(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch StoreError.violated(.peerPublicKey) {
        throw ServiceError.duplicatePublicKey
    }
}
