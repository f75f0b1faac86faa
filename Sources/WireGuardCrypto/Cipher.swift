import CIPsecMB
import Glibc
import Synchronization

/// Whose ChaCha20-Poly1305 seals and opens in this process.
///
/// BoringSSL's is the fastest in reach on processors with AVX2. With AVX-512 and its multiplication of integers
/// (IFMA) that of libipsec-mb may be faster; by how much, neither a processor's name nor its flags tell.
public enum Cipher: Hashable, Sendable {
    case boringSSL
    /// The number of the version, as `cipsecmb_load` answers it.
    case ipsecMB(version: UInt32)

    private static let chosen = Atomic<UInt32>(0)

    /// What keys made from now on work with: BoringSSL until `choose` has found a faster one, and again once that
    /// has failed.
    public static var current: Cipher {
        failures == 0 ? Cipher(version: chosen.load(ordering: .relaxed)) : .boringSSL
    }

    /// How many packets another cipher than BoringSSL's has failed to seal or open. None of them arrived anywhere, and
    /// BoringSSL's has done the work since the first of them.
    public static var failures: UInt64 { UInt64(cipsecmb_failures()) }

    /// What this machine has, whether it is faster or not.
    static var besidesBoringSSL: Cipher? {
        let version = cipsecmb_load()
        return version == 0 ? nil : .ipsecMB(version: version)
    }

    private init(version: UInt32) {
        self = version == 0 ? .boringSSL : .ipsecMB(version: version)
    }

    /// Measures which one is faster, once for the process and before its threads work. It takes some milliseconds.
    ///
    /// Another one than BoringSSL's has to give the same bytes and the same refusals, to take at most nine tenths of
    /// the time for a full packet, and no more time for a short one.
    @discardableResult
    public static func choose() -> Cipher {
        guard let candidate = besidesBoringSSL, candidate.agrees(with: .boringSSL) else {
            return .boringSSL
        }
        let full = time(of: 1_424, candidate, besides: .boringSSL)
        let short = time(of: 256, candidate, besides: .boringSSL)
        guard full.candidate * 10 <= full.other * 9, short.candidate <= short.other else {
            return .boringSSL
        }
        if case .ipsecMB(let version) = candidate { chosen.store(version, ordering: .relaxed) }
        return candidate
    }
}

extension Cipher: CustomStringConvertible {
    public var description: String {
        switch self {
        case .boringSSL: "BoringSSL"
        case .ipsecMB(let version):
            "ipsec-mb \(version / 10_000).\(version / 100 % 100).\(version % 100) with AVX-512"
        }
    }
}

extension Cipher {
    private static func key(for cipher: Cipher) -> ChaCha20Poly1305 {
        let bytes = UnsafeMutableRawBufferPointer.allocate(
            byteCount: ChaCha20Poly1305.keyLength,
            alignment: 1
        )
        defer { bytes.deallocate() }
        for index in bytes.indices { bytes[index] = UInt8(index &* 7 &+ 1) }
        return ChaCha20Poly1305(key: UnsafeRawBufferPointer(bytes), by: cipher)
    }

    /// Around the sizes of blocks and of groups of blocks, and of packets.
    private static let lengths = [
        0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1_023, 1_024,
        1_025, 1_280, 1_359,
        1_424, 1_440, 1_500, 8_900,
    ]

    /// Whether both seal to the same bytes, and this one opens them and refuses them once changed.
    func agrees(with other: Cipher) -> Bool {
        let mine = Self.key(for: self)
        let theirs = Self.key(for: other)
        return Self.lengths.enumerated().allSatisfy { number, length in
            let plain = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) }
            let counter = UInt64(number) << 28 | UInt64(length)
            let room = [UInt8](repeating: 0, count: ChaCha20Poly1305.tagLength)
            var sealed = plain + room
            var expected = plain + room
            sealed.withUnsafeMutableBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                mine.seal(base, count: length, counter: counter)
            }
            expected.withUnsafeMutableBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                theirs.seal(base, count: length, counter: counter)
            }
            guard sealed == expected else { return false }
            for changed in Set([nil, 0, length, sealed.count - 1]) {
                var bytes = sealed
                if let changed { bytes[changed] ^= 0x40 }
                let isOpened = bytes.withUnsafeMutableBufferPointer { bytes in
                    bytes.baseAddress.map { mine.open($0, count: bytes.count, counter: counter) }
                }
                guard isOpened == (changed == nil) else { return false }
                if changed == nil, !bytes.starts(with: plain) { return false }
            }
            return true
        }
    }

    /// The least times of a burst that each seals, in nanoseconds: what slows the machine down for a moment slows
    /// down one of many bursts.
    private static func time(
        of length: Int,
        _ candidate: Cipher,
        besides other: Cipher
    ) -> (candidate: UInt64, other: UInt64) {
        let first = key(for: candidate)
        let second = key(for: other)
        var least = (candidate: UInt64.max, other: UInt64.max)
        withUnsafeTemporaryAllocation(
            of: UInt8.self,
            capacity: length + ChaCha20Poly1305.tagLength
        ) { bytes in
            bytes.initialize(repeating: 0x5a)
            guard let base = bytes.baseAddress else { return }
            for _ in 0..<bursts {
                least.candidate = min(least.candidate, burst(first, base, length))
                least.other = min(least.other, burst(second, base, length))
            }
        }
        return least
    }

    private static let bursts = 60

    private static func burst(
        _ cipher: borrowing ChaCha20Poly1305,
        _ bytes: UnsafeMutablePointer<UInt8>,
        _ length: Int
    ) -> UInt64 {
        let start = nanoseconds()
        for counter in UInt64(0)..<16 { cipher.seal(bytes, count: length, counter: counter) }
        return nanoseconds() - start
    }

    private static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
