import WireGuardCrypto

extension SecretKey {
    convenience init(_ bytes: [UInt8]) {
        self.init { $0.copyBytes(from: bytes) }
    }

    var bytes: [UInt8] {
        withBytes { Array($0) }
    }
}

extension PublicKey {
    init(_ bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { PublicKey($0) }
    }

    var bytes: [UInt8] {
        withBytes { Array($0) }
    }
}
