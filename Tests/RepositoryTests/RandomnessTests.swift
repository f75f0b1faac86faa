import Testing

/// Keys and ids must not come from a source that can fail in silence.
struct RandomnessTests {
    @Test(
        "randomness is a system call: it needs no descriptor, and its failure is not a zero",
        arguments: [#"\bUUID\(\)"#, #"/dev/u?random"#, #"\barc4random"#]
    )
    func noDevice(pattern: String) throws {
        let places = try Repository.swiftFiles(under: "Sources")
            .flatMap { $0.places(matching: pattern) }
        #expect(places.isEmpty)
    }
}
