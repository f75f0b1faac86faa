import APIContract
import CommandLineProgram
import JSON
import WireGuardCrypto

/// A peer that was just made, or that has just got new keys, with its config.
struct CreatedPeer {
    let peer: PeerNoun.Answer
    let gateway: GatewayNoun.Answer
    let config: String
    /// Whether it has not been there before.
    var isNew = true
    /// What this machine knows and the server does not.
    let localKey: SecretKey?
    /// That of a key pair whose owner has the private key.
    var ownersKey: PublicKey?

    /// - Parameter isQuiet: whether a person wants no more than the id beside a file.
    func deliver(to target: ConfigTarget, isQuiet: Bool) throws {
        WaitingNote.end()
        let text = CreatedPeerText(peer, gateway, isNew: isNew)
        switch target {
        case .file(let file):
            try file.write(Array(config.utf8))
            try file.publish()
            let done = text.line(savedIn: file.path)
            try OutputFile.standardOutput.write(isQuiet ? "\(peer.id)\n" : done)
        case .object(let format):
            try OutputFile.standardOutput.write(
                format.text(of: object, title: PeerNoun.title(of: peer))
            )
        case .terminal:
            try OutputFile.standardOutput.write(config)
            guard Screen.output.isTerminal else { break }
            try OutputFile.standardError.write(
                ownersKey == nil ? text.advice(qr: qrCode) : text.adviceForGivenKey
            )
        }
    }

    /// The API's object, with what this machine knows of the peer.
    private var object: JSONValue {
        guard case .object(var object) = peer.json else { return peer.json }
        if let localKey { object.add("private_key", .string(localKey.base64)) }
        object.add("config", .string(config))
        return .object(object)
    }

    /// Or why there is none: a config is complete without.
    private var qrCode: Result<String, CommandFailure> {
        Result { () throws(CommandFailure) in try QRCodeText.of(config, on: .output) }
    }
}
