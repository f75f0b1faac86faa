import OpenAPI
import PeerConfig

/// What configs of peers are asked for with.
extension Parameter {
    static let include = Parameter.query(
        "include",
        """
        What the answer is to have beside the peer: its `config`, its QR code, or both. A QR code is made \
        only together with a private key, which is in it.
        """,
        .word("The words with a comma between them.", ["config", "qr", "config,qr"])
    )
    static let configFormat = Parameter.query(
        "format",
        "What the config is written for.",
        .word(
            "Is `\(ConfigFormat.wgQuick.rawValue)` where it is left out.",
            ConfigFormat.words
        )
    )
    static let peek = Parameter.query(
        "peek",
        """
        Whether this only looks: the config then does not count as fetched for the peer, and `config_state` \
        stays as it is.
        """,
        .bool("Is `false` where it is left out.")
    )
    static let guideSystem = Parameter.query(
        "os",
        "The system of the device that the guide is for.",
        .word("Is `\(GuideSystem.linux.rawValue)` where it is left out.", GuideSystem.words)
    )
}
