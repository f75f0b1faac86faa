import CLinux

/// The kernel's generator. It cannot fail once the machine has booted; if it does, the process ends,
/// since keys would be guessable.
package enum SystemRandom {
    @Sendable
    package static func fill(_ bytes: UnsafeMutableRawBufferPointer) {
        let status = clinux_random(bytes.baseAddress, bytes.count)
        precondition(status == 0, "getrandom failed")
    }
}
