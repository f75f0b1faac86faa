import Crypto
import CryptoExtras
import Dispatch
import FoundationEssentials
import GatewayDomain
import RateLimiting
import Synchronization

/// How much work and memory a password's hash takes (RFC 7914). It is stored beside each hash, so that it
/// may grow without making older ones useless.
package struct PasswordCost: Equatable, Sendable {
    /// The binary logarithm of N: the hash takes 128 · `blockSize` · N bytes of memory.
    let exponent: Int
    let blockSize: Int
    let parallelism: Int

    package init(exponent: Int, blockSize: Int = 8, parallelism: Int = 1) {
        self.exponent = exponent
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// 32 MiB, and some tenths of a second.
    package static let standard = PasswordCost(exponent: 15, parallelism: 3)

    /// What a stored hash may ask for: a damaged database does not make the server work for minutes.
    var isBearable: Bool {
        (1...18).contains(exponent) && (1...16).contains(blockSize)
            && (1...8).contains(parallelism)
    }
}

/// What is stored of a password: `$scrypt$ln=15,r=8,p=3$SALT$HASH`, the form that other programs use, too.
struct PasswordHash: LosslessStringConvertible {
    private static let saltBytes = 16
    private static let hashBytes = 32

    let cost: PasswordCost
    let salt: [UInt8]
    let hash: [UInt8]

    init(_ password: Password, cost: PasswordCost, salt: [UInt8]) throws {
        self.cost = cost
        self.salt = salt
        hash = try KDF.Scrypt.deriveKey(
            from: Array(password.text.utf8),
            salt: salt,
            outputByteCount: Self.hashBytes,
            rounds: 1 << cost.exponent,
            blockSize: cost.blockSize,
            parallelism: cost.parallelism,
            // What N takes, and as much again for the rest.
            maxMemory: 256 * cost.blockSize * (1 << cost.exponent) + 1 << 20
        ).withUnsafeBytes { Array($0) }
    }

    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt" else { return nil }
        let numbers = parts[2].split(separator: ",").map { $0.split(separator: "=") }
        guard numbers.map(\.first) == ["ln", "r", "p"] else { return nil }
        let values = numbers.compactMap { $0.count == 2 ? Int($0[1]) : nil }
        guard values.count == 3, let salt = Data(base64Encoded: String(parts[3])),
            let hash = Data(base64Encoded: String(parts[4])), hash.count == Self.hashBytes
        else { return nil }
        cost = PasswordCost(exponent: values[0], blockSize: values[1], parallelism: values[2])
        guard cost.isBearable else { return nil }
        self.salt = Array(salt)
        self.hash = Array(hash)
    }

    var description: String {
        let numbers = "ln=\(cost.exponent),r=\(cost.blockSize),p=\(cost.parallelism)"
        return [
            "", "scrypt", numbers, Data(salt).base64EncodedString(),
            Data(hash).base64EncodedString(),
        ].joined(separator: "$")
    }

    static func randomSalt() -> [UInt8] {
        var salt = [UInt8](repeating: 0, count: saltBytes)
        salt.withUnsafeMutableBytes { fillRandomly($0) }
        return salt
    }
}

/// Hashes passwords on a thread of its own, one after the other: each takes much memory and some tenths of a
/// second, which no thread that answers or waits for others can spare.
final class PasswordHashing: Sendable {
    /// One more is refused: its sender would wait for seconds.
    private static let mostWaiting = 16
    /// Of those who have shown nothing yet: they do not shut out a user at an address that it has signed in
    /// from, one who is signed in or one with an invitation.
    static let mostStrangers = 12
    /// Of one source, stranger or not: several have to come together to shut out a user at a new address.
    static let mostOfSource = 4

    private struct Waiting {
        var all = 0
        var bySource: [SourceNetwork: Int] = [:]

        /// False where all places are taken, or all that this source may have.
        mutating func enter(from source: SourceNetwork, isFamiliar: Bool) -> Bool {
            let ofSource = bySource[source] ?? 0
            guard ofSource < mostOfSource, all < (isFamiliar ? mostWaiting : mostStrangers) else {
                return false
            }
            all += 1
            bySource[source] = ofSource + 1
            return true
        }

        mutating func leave(from source: SourceNetwork) {
            all -= 1
            let others = (bySource[source] ?? 1) - 1
            bySource[source] = others > 0 ? others : nil
        }
    }

    private let cost: PasswordCost
    private let queue: DispatchQueue
    private let waiting = Mutex(Waiting())
    /// Compared with where there is nothing to compare with, so that this takes as long.
    private let decoySalt = PasswordHash.randomSalt()

    init(cost: PasswordCost, queue: DispatchQueue = DispatchQueue(label: "wgw.passwords")) {
        self.cost = cost
        self.queue = queue
    }

    /// For one who has proved who it is.
    ///
    /// - Parameters:
    ///   - source: the address that it asks from.
    ///   - admitted: as for `isRight`.
    /// - Throws: `tooManySignIns`.
    func hash(
        _ password: Password,
        from source: String,
        admitted: () throws -> Void
    ) async throws -> String {
        let cost = cost
        return try await perform(from: source, isFamiliar: true, admitted: admitted) {
            try PasswordHash(password, cost: cost, salt: PasswordHash.randomSalt()).description
        }
    }

    /// - Parameters:
    ///   - stored: nil for a user that does not exist or has no password, whose every password is wrong, after
    ///     the same work.
    ///   - source: the address that one asks from.
    ///   - isFamiliar: whether one asks who is not a stranger.
    ///   - admitted: runs when there is a place, and throws where it is not to be taken: an attempt for which
    ///     there was none does not count.
    /// - Throws: `tooManySignIns`.
    func isRight(
        _ password: Password,
        comparedWith stored: String?,
        from source: String,
        isFamiliar: Bool = false,
        admitted: () throws -> Void = {}
    ) async throws -> Bool {
        let known = stored.flatMap { PasswordHash($0) }
        let (cost, salt) = (known?.cost ?? cost, known?.salt ?? decoySalt)
        return try await perform(from: source, isFamiliar: isFamiliar, admitted: admitted) {
            let shown = try PasswordHash(password, cost: cost, salt: salt)
            return KeyHash.isEqual(shown.hash, known?.hash ?? [])
        }
    }

    private func perform<Value: Sendable>(
        from source: String,
        isFamiliar: Bool,
        admitted: () throws -> Void,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let source = SourceNetwork(of: source)
        guard waiting.withLock({ $0.enter(from: source, isFamiliar: isFamiliar) }) else {
            throw ServiceError.tooManySignIns(waitSeconds: 5)
        }
        defer { waiting.withLock { $0.leave(from: source) } }
        try admitted()
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: work)) }
        }
    }
}
