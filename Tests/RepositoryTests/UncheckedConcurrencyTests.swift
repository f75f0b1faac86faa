import Testing

/// Where the compiler is told to believe us about data races, and why it may.
struct UncheckedConcurrencyTests {
    private static let reasons = [
        "Sources/NetAddress/SlotTables.swift":
            "its memory is written only while one reference exists",
        "Sources/SystemIO/Threads/ThreadSemaphore.swift":
            "its memory is that of a semaphore of POSIX, allocated in init and freed in deinit",
        "Sources/WireGuardCrypto/ChaCha20Poly1305.swift":
            "the key schedule is written in init only",
        "Sources/WireGuardCrypto/SecretKey.swift":
            "its memory is written in init only, and wiped when nobody can read it any more",
        "Sources/WireGuardEngine/Sharing/GatewayShare.swift":
            "what it points to is atomic, behind a lock, or left to the gateway's owner",
        "Sources/WireGuardEngine/Sharing/Lock.swift":
            "a Mutex, which is Sendable for every value",
        "Sources/WireGuardEngine/Sharing/EpochReclamation.swift":
            "its memory is atomic words, allocated in init and freed in deinit",
    ]

    private static let pattern = #"@unchecked Sendable|nonisolated\(unsafe\)|@preconcurrency"#

    @Test("every unchecked promise about concurrency has a reason here")
    func everyPromiseHasAReason() throws {
        let files = try Repository.swiftFiles(under: "Sources")
            .filter { !$0.places(matching: Self.pattern).isEmpty }
            .map(\.path)
        #expect(files == Self.reasons.keys.sorted())
    }
}
