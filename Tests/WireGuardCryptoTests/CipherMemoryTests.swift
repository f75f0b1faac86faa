import Glibc
import Testing

@testable import WireGuardCrypto

@Suite("A cipher touches the packet's bytes and no others")
struct CipherMemoryTests {
    private static let ciphers = [.boringSSL, Cipher.besidesBoringSSL].compactMap(\.self)

    /// Pages between two that may not be touched.
    private final class Fenced {
        private let pages: UnsafeMutableRawPointer
        private static let page = 4096
        private static let room = 17 * page
        let bytes: UnsafeMutableBufferPointer<UInt8>

        init() throws {
            let length = Self.room + 2 * Self.page
            let flags = MAP_PRIVATE | MAP_ANONYMOUS
            pages = try #require(mmap(nil, length, PROT_READ | PROT_WRITE, flags, -1, 0))
            try #require(mprotect(pages, Self.page, PROT_NONE) == 0)
            try #require(mprotect(pages + Self.page + Self.room, Self.page, PROT_NONE) == 0)
            bytes = UnsafeMutableBufferPointer(
                start: (pages + Self.page).assumingMemoryBound(to: UInt8.self),
                count: Self.room
            )
        }

        deinit { munmap(pages, Self.room + 2 * Self.page) }
    }

    private static let lengths =
        [0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1_424, 4_095, 4_096, 8_900, 65_519, 65_535]

    @Test(
        "packets of any length at the very start and end of their memory are sealed and opened",
        arguments: ciphers
    )
    func ends(by cipher: Cipher) throws {
        let memory = try Fenced()
        let key = ChaCha20Poly1305(key: counting(32), by: cipher)
        let other = ChaCha20Poly1305(key: counting(32), by: .boringSSL)
        for length in Self.lengths {
            let plain = counting(length, from: length)
            let expected = other.sealed(plain, counter: UInt64(length))
            for offset in [0, 1, 3, memory.bytes.count - length - 16] {
                let packet = UnsafeMutableBufferPointer(
                    rebasing: memory.bytes[offset..<offset + length + 16]
                )
                let start = try #require(packet.baseAddress)
                _ = packet.update(from: plain)
                key.seal(start, count: length, counter: UInt64(length))
                #expect(packet.elementsEqual(expected), "\(length) at \(offset)")
                let isOpened = key.open(start, count: length + 16, counter: UInt64(length))
                #expect(isOpened, "\(length) at \(offset)")
                #expect(packet.prefix(length).elementsEqual(plain), "\(length) at \(offset)")
            }
        }
    }

    @Test("bytes beside a packet stay as they are", arguments: ciphers)
    func neighbours(by cipher: Cipher) throws {
        let key = ChaCha20Poly1305(key: counting(32), by: cipher)
        for length in Self.lengths {
            var bytes = [UInt8](repeating: 0xee, count: length + 16 + 128)
            try bytes.withUnsafeMutableBufferPointer { bytes in
                let start = try #require(bytes.baseAddress) + 64
                key.seal(start, count: length, counter: 9)
                let isOpened = key.open(start, count: length + 16, counter: 9)
                key.seal(start, count: length, counter: 9)
                start[length] ^= 1
                let isForgeryOpened = key.open(start, count: length + 16, counter: 9)
                #expect(isOpened && !isForgeryOpened)
            }
            #expect((bytes.prefix(64) + bytes.suffix(64)).allSatisfy { $0 == 0xee })
        }
    }

    @Test(
        "threads that come and go seal and open with one key at the same time",
        arguments: ciphers
    )
    func threads(by cipher: Cipher) async {
        let areWell = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 { group.addTask { await Self.isWell(cipher, number) } }
            return await group.allSatisfy(\.self)
        }
        #expect(areWell)
    }

    /// On more threads in a row than the library has states for at once.
    private static func isWell(_ cipher: Cipher, _ number: Int) async -> Bool {
        for round in 0..<20 {
            let isWell = await onThread {
                let key = ChaCha20Poly1305(key: counting(32), by: cipher)
                let other = ChaCha20Poly1305(key: counting(32), by: .boringSSL)
                return (0..<50).allSatisfy { counter in
                    let plain = counting(100 + 13 * counter, from: number + round)
                    let sealed = key.sealed(plain, counter: UInt64(counter))
                    return sealed == other.sealed(plain, counter: UInt64(counter))
                        && key.opened(sealed, counter: UInt64(counter)) == plain
                }
            }
            guard isWell else { return false }
        }
        return true
    }

    private static func onThread(_ body: @escaping @Sendable () -> Bool) async -> Bool {
        final class Work: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        return await withCheckedContinuation { continuation in
            let work = Unmanaged.passRetained(Work { continuation.resume(returning: body()) })
            var thread = pthread_t()
            let status = pthread_create(
                &thread,
                nil,
                { raw in
                    if let raw { Unmanaged<Work>.fromOpaque(raw).takeRetainedValue().body() }
                    return nil
                },
                work.toOpaque()
            )
            guard status == 0 else {
                work.release()
                return continuation.resume(returning: false)
            }
            pthread_detach(thread)
        }
    }
}
