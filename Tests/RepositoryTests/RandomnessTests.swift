import Testing

/// Keys and ids must not come from a source that can fail in silence.
struct RandomnessTests {
    @Test(
        "random bytes come from a system call that needs no descriptor, and a failure is no zero",
        arguments: [#"\bUUID\(\)"#, #"/dev/u?random"#, #"\barc4random"#]
    )
    func noDevice(pattern: String) throws {
        let places = try Repository.swiftFiles(under: "Sources")
            .flatMap { $0.places(matching: pattern) }
        #expect(places.isEmpty)
    }
}
