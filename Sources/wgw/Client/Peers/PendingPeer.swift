import CommandLineProgram
import GatewayClient
import GatewayDomain
import GatewayService
import JSON
import WireGuardCrypto

/// A peer that is being made: its private key and the name of its request, kept until its config is written. A command
/// that was interrupted in between is finished by the same one, with the same key and the same peer.
struct PendingPeer {
    /// What has to be the same for the next command to go on with it.
    struct Origin: Equatable {
        let url: ServerURL
        let gatewayID: GatewayID
        let name: String
    }

    /// The server knows an idempotency key for a day.
    private static let lifetimeSeconds: Int64 = 20 * 3_600
    private static let maximumBytes = 4_096

    let origin: Origin
    let privateKey: SecretKey
    let idempotencyKey: String
    private let madeAt: Timestamp

    init(origin: Origin, privateKey: SecretKey) {
        self.origin = origin
        self.privateKey = privateKey
        idempotencyKey = APICall.newIdempotencyKey()
        madeAt = .now()
    }

    /// The one that was interrupted last, if it is for this place. A file that cannot be read is none.
    static func kept(for origin: Origin) -> PendingPeer? {
        guard let path = ClientEnvironment.current.pendingPeerPath,
            let bytes = try? file(path).read(atMost: maximumBytes),
            let kept = PendingPeer(bytes), kept.origin == origin,
            Timestamp.now() < kept.madeAt.advanced(bySeconds: lifetimeSeconds)
        else { return nil }
        return kept
    }

    private static func file(_ path: String) -> PrivateFile {
        PrivateFile(path, holding: "a private key")
    }

    /// Where there is no place for it, the command works all the same.
    func keep() {
        guard let path = ClientEnvironment.current.pendingPeerPath else { return }
        try? Self.file(path).makeFolder()
        try? Self.file(path).write(json.encoded + "\n")
    }

    func forget() {
        guard let path = ClientEnvironment.current.pendingPeerPath else { return }
        Self.file(path).remove()
    }
}

extension PendingPeer {
    private init?(_ bytes: [UInt8]) {
        guard case .object(let object)? = try? JSONParser.parse(bytes),
            case .string(let urlText)? = object["url"], let url = ServerURL(urlText),
            case .string(let idText)? = object["gateway_id"], let gatewayID = GatewayID(idText),
            case .string(let name)? = object["name"],
            case .string(let keyText)? = object["private_key"],
            let privateKey = SecretKey(base64: keyText),
            case .string(let idempotencyKey)? = object["idempotency_key"],
            case .string(let timeText)? = object["made_at"], let madeAt = Timestamp(timeText)
        else { return nil }
        origin = Origin(url: url, gatewayID: gatewayID, name: name)
        self.privateKey = privateKey
        self.idempotencyKey = idempotencyKey
        self.madeAt = madeAt
    }

    private var json: JSONValue {
        [
            "url": .string(origin.url.text),
            "gateway_id": .string("\(origin.gatewayID)"),
            "name": .string(origin.name),
            "private_key": .string(privateKey.base64),
            "idempotency_key": .string(idempotencyKey),
            "made_at": .string("\(madeAt)"),
        ]
    }
}

extension ClientEnvironment {
    fileprivate var pendingPeerPath: String? { stateFolder.map { $0 + "/pending-peer.json" } }
}

/// The key pair of a peer that this command makes.
struct LocalKeyPair {
    let privateKey: SecretKey
    let publicKey: PublicKey
    let idempotencyKey: String
    /// Whether an interrupted command had made it.
    let isResumed: Bool
    let pending: PendingPeer?

    init(for origin: PendingPeer.Origin) {
        let kept = PendingPeer.kept(for: origin)
        let pending =
            kept ?? PendingPeer(origin: origin, privateKey: KeyPair.random().privateKey)
        isResumed = kept != nil
        if kept == nil { pending.keep() }
        self.pending = pending
        privateKey = pending.privateKey
        publicKey = X25519.publicKey(of: pending.privateKey)
        idempotencyKey = pending.idempotencyKey
    }
}
