import PeerConfig

extension String {
    /// As a shell takes it for one word.
    var shellWord: String {
        let plain = unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", "@", "+": true
            default: false
            }
        }
        guard !plain || isEmpty else { return self }
        return quotedForShell
    }
}
