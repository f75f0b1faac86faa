import Foundation
import Glibc
import TestSupport
import Testing

@testable import WireGuardCrypto

/// Each in a process of its own, as a library is loaded once.
@Suite(
    "A cipher's library that does wrong costs packets at most",
    .serialized,
    .enabled(if: Cipher.besidesBoringSSL != nil, "skipped: this machine has no other cipher")
)
struct HostileCipherTests {
    /// Makes the library, which the body finds by its path.
    private static func withLibrary(_ body: (String) async throws -> Void) async throws {
        let source = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        try await TemporaryDirectory.with { folder in
            let library = folder.path + "/libIPSec_MB.so.1"
            try Command.require(
                "clang",
                "-shared",
                "-fPIC",
                "-Wl,-soname,libIPSec_MB.so.1",
                "-o",
                library,
                "/\(source)/Hostile/library.c"
            )
            try await body(library)
        }
    }

    /// A library with this name that is loaded already is what the name loads.
    static func load(_ library: String, fault: String) -> UnsafeMutableRawPointer {
        setenv("HOSTILE", fault, 1)
        guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else { exit(3) }
        return handle
    }

    static func beginToFail(_ handle: UnsafeMutableRawPointer) {
        guard let symbol = dlsym(handle, "is_failing") else { exit(4) }
        symbol.assumingMemoryBound(to: Int32.self).pointee = 1
    }

    @Test(
        "a library of another version, without memory or functions, or that tells of another processor is none",
        arguments: ["other version", "no memory", "no function", "other processor"]
    )
    func unusable(fault: String) async throws {
        try await Self.withLibrary { library in
            await #expect(processExitsWith: .success) { [library = library as String, fault] in
                _ = Self.load(library, fault: fault)
                let isRefused = Cipher.besidesBoringSSL == nil && Cipher.choose() == .boringSSL
                exit(isRefused ? EXIT_SUCCESS : EXIT_FAILURE)
            }
        }
    }

    @Test(
        "a library that seals to other bytes is not chosen",
        arguments: ["wrong bytes", "wrong tag"]
    )
    func wrong(fault: String) async throws {
        try await Self.withLibrary { library in
            await #expect(processExitsWith: .success) { [library = library as String, fault] in
                _ = Self.load(library, fault: fault)
                guard let cipher = Cipher.besidesBoringSSL else { exit(5) }
                let isRefused =
                    !cipher.agrees(with: .boringSSL) && Cipher.choose() == .boringSSL
                    && Cipher.current == .boringSSL
                exit(isRefused ? EXIT_SUCCESS : EXIT_FAILURE)
            }
        }
    }

    @Test(
        "what a library fails to seal leaves as zeros, and BoringSSL seals what comes after it",
        arguments: ["error", "later"]
    )
    func failingToSeal(fault: String) async throws {
        try await Self.withLibrary { library in
            await #expect(processExitsWith: .success) { [library = library as String, fault] in
                let handle = Self.load(library, fault: fault)
                guard let cipher = Cipher.besidesBoringSSL, cipher.agrees(with: .boringSSL) else {
                    exit(5)
                }
                let mine = ChaCha20Poly1305(key: [UInt8](repeating: 3, count: 32), by: cipher)
                let theirs = ChaCha20Poly1305(key: [UInt8](repeating: 3, count: 32), by: .boringSSL)
                let plain = [UInt8](repeating: 0x77, count: 1_000)
                Self.beginToFail(handle)
                let lost = mine.sealed(plain, counter: 1)
                guard lost == [UInt8](repeating: 0, count: 1_016), Cipher.failures == 1 else {
                    exit(6)
                }
                guard theirs.opened(lost, counter: 1) == nil else { exit(7) }
                let next = mine.sealed(plain, counter: 2)
                guard next == theirs.sealed(plain, counter: 2),
                    mine.opened(next, counter: 2) == plain
                else { exit(8) }
                exit(
                    Cipher.failures == 1 && Cipher.current == .boringSSL
                        ? EXIT_SUCCESS : EXIT_FAILURE
                )
            }
        }
    }

    @Test(
        "what a library fails to open is refused and wiped, and BoringSSL opens what comes after it",
        arguments: ["error", "later"]
    )
    func failingToOpen(fault: String) async throws {
        try await Self.withLibrary { library in
            await #expect(processExitsWith: .success) { [library = library as String, fault] in
                let handle = Self.load(library, fault: fault)
                guard let cipher = Cipher.besidesBoringSSL else { exit(5) }
                let mine = ChaCha20Poly1305(key: [UInt8](repeating: 3, count: 32), by: cipher)
                let plain = [UInt8](repeating: 0x77, count: 1_000)
                let sealed = mine.sealed(plain, counter: 1)
                Self.beginToFail(handle)
                var bytes = sealed
                guard !mine.open(&bytes, count: bytes.count, counter: 1),
                    bytes.prefix(1_000) == [UInt8](repeating: 0, count: 1_000)[...]
                else { exit(6) }
                let isOpened = mine.opened(sealed, counter: 1) == plain
                exit(isOpened && Cipher.failures == 1 ? EXIT_SUCCESS : EXIT_FAILURE)
            }
        }
    }
}
