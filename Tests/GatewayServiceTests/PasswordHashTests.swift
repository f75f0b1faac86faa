import Dispatch
import GatewayDomain
import Synchronization
import Testing

@testable import GatewayService

struct PasswordHashTests {
    private static let cheap = PasswordCost(exponent: 4)

    @Test("a password's hash is that of RFC 7914 and is stored with what made it")
    func vector() throws {
        // Section 12: N = 1024, r = 8, p = 16; the first 32 of its 64 bytes.
        let hash = try PasswordHash(
            Password(typed: "password"),
            cost: PasswordCost(exponent: 10, blockSize: 8, parallelism: 16),
            salt: Array("NaCl".utf8)
        )
        let hex = hash.hash.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(hex == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")
        #expect(hash.description.hasPrefix("$scrypt$ln=10,r=8,p=16$TmFDbA==$"))
    }

    @Test("a stored hash is read as it was written, and nothing else is taken for one")
    func reading() throws {
        let hash = try PasswordHash(
            Password(typed: "correct horse"),
            cost: Self.cheap,
            salt: PasswordHash.randomSalt()
        )
        let text = hash.description
        let read = try #require(PasswordHash(text))
        #expect(read.description == text)
        #expect(read.cost == Self.cheap)
        for damaged in [
            "", "$", String(text.dropLast(4)), text.replacing("scrypt", with: "md5"),
            text.replacing("ln=4", with: "ln=40"), text.replacing("r=8", with: "r=0"),
            text.replacing("p=1", with: "p=99"), text.replacing("ln=4,", with: ""),
        ] {
            #expect(PasswordHash(damaged) == nil, "\(damaged)")
        }
    }

    @Test("the same password has another hash each time, and only that password is right")
    func comparison() async throws {
        let hashing = PasswordHashing(cost: Self.cheap)
        let password = Password(typed: "correct horse")
        let stored = try await hashing.hash(password, from: "192.0.2.1") {}
        #expect(try await hashing.hash(password, from: "192.0.2.1") {} != stored)
        #expect(try await hashing.isRight(password, comparedWith: stored, from: "192.0.2.1"))
        for wrong in ["correct hors", "Correct horse", ""] {
            let shown = Password(typed: wrong)
            #expect(try await !hashing.isRight(shown, comparedWith: stored, from: "192.0.2.1"))
        }
        for nothing in [nil, "", "damaged"] {
            #expect(try await !hashing.isRight(password, comparedWith: nothing, from: "192.0.2.1"))
        }
    }

    @Test("names that do not exist take a place among the sign-ins of a moment, which are bounded")
    func crowd() async throws {
        let hashing = PasswordHashing(cost: PasswordCost(exponent: 12))
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let answer = try? await hashing.isRight(
                        Password(typed: "x"),
                        comparedWith: nil,
                        from: "192.0.2.\(number)"
                    )
                    return answer != nil
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.contains(true) && outcomes.contains(false))
        let late = try await hashing.isRight(
            Password(typed: "x"),
            comparedWith: nil,
            from: "192.0.2.1"
        )
        #expect(!late)
    }

    @Test("strangers leave places to those who are known, and count only where they have got one")
    func reserve() async throws {
        let queue = DispatchQueue(label: "test")
        queue.suspend()
        let hashing = PasswordHashing(cost: Self.cheap, queue: queue)
        let admissions = Admissions()
        await withTaskGroup(of: (isFamiliar: Bool, isAdmitted: Bool).self) { group in
            let askers = [Bool](repeating: false, count: 17) + [true, true, true, true]
            for (number, isFamiliar) in askers.enumerated() {
                group.addTask {
                    let answer = try? await hashing.isRight(
                        Password(typed: "x"),
                        comparedWith: nil,
                        from: "192.0.2.\(number)",
                        isFamiliar: isFamiliar
                    ) { admissions.count.withLock { $0 += 1 } }
                    return (isFamiliar, answer != nil)
                }
            }
            // Only the refused come back as long as nothing is hashed.
            for _ in 0..<5 {
                let refused = await group.next()
                #expect(refused?.isAdmitted == false)
                #expect(refused?.isFamiliar == false)
            }
            #expect(admissions.count.withLock(\.self) == 16)
            queue.resume()
            for await other in group { #expect(other.isAdmitted) }
        }
    }

    @Test(
        "one source takes its share of the places only, and leaves the others to users at new addresses"
    )
    func share() async throws {
        let queue = DispatchQueue(label: "test")
        queue.suspend()
        let hashing = PasswordHashing(cost: Self.cheap, queue: queue)
        await withTaskGroup(of: (source: String, isAdmitted: Bool).self) { group in
            func ask(from source: String) {
                group.addTask {
                    let answer = try? await hashing.isRight(
                        Password(typed: "x"),
                        comparedWith: nil,
                        from: source
                    )
                    return (source, answer != nil)
                }
            }
            // Addresses of one /64 are one source.
            for number in 0..<12 { ask(from: "2001:db8::\(number)") }
            for _ in 0..<8 {
                let refused = await group.next()
                #expect(refused?.isAdmitted == false)
            }
            ask(from: "192.0.2.7")
            ask(from: "2001:db8:0:1::1")
            queue.resume()
            for await other in group { #expect(other.isAdmitted, "\(other.source)") }
        }
        // Those who have gone leave their places.
        for _ in 0..<5 {
            _ = try await hashing.isRight(
                Password(typed: "x"),
                comparedWith: nil,
                from: "2001:db8::1"
            )
        }
    }

    @Test("a password is not printed with what holds it")
    func printing() {
        let password = Password(typed: "correct horse")
        #expect(!"\(password) \(Optional(password) as Any)".contains("horse"))
    }
}

private final class Admissions: Sendable {
    let count = Mutex(0)
}
