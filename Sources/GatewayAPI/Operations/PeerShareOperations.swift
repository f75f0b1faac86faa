import APIContract
import GatewayDomain
import OpenAPI

/// Links to the config files of peers: made with an API key, and used without one.
extension Operation {
    static let listPeerShares = Operation.list(
        "listPeerShares",
        "List the one-time links to config files of peers.",
        """
        Lists the shares of all peers that the API key may see, oldest first, without their links. One that \
        was used or has expired stays in the list for seven days after its end.
        """,
        of: "PeerShare",
        [
            .filter(
                PeerShareMembers.peerID,
                "Lists only the shares of this peer.",
                .id("The id of the peer whose shares are listed.")
            )
        ]
    )

    static let createPeerShare = Operation.create(
        "createPeerShare",
        "Make a one-time link to the config file of a peer.",
        """
        Makes a link that shows the config file, as it is now, to the first who asks for it there. The \
        link is in this answer only: the server stores its hash, and the file sealed with what the link \
        carries. The private key in the file is one that the request brings, or that of a new key pair, \
        which the peer has from then on and which is in no answer. New keys of a peer end its links to \
        files with a private key. A peer has 100 shares at most.
        """,
        for: .role(.member),
        "NewPeerShare",
        "PeerShare"
    )

    static let showPeerShare = Operation.show(
        "showPeerShare",
        "Show one share of a peer by its id.",
        "Shows whether a one-time link was used and when it expires, without the link.",
        "PeerShare"
    )

    static let revokePeerShare = Operation.delete(
        "revokePeerShare",
        "Revoke a one-time link for good.",
        "Deletes a share, whose link leads to nothing from then on, and what is stored of its file.",
        for: .role(.member),
        "PeerShare"
    )

    static let listPeerConfigURLs = Operation(
        id: "listPeerConfigURLs",
        summary: "List the config URL of a peer, if it has one.",
        about: "Lists none or one, so that a peer without a config URL is not an error.",
        access: .anyKey,
        answer: "A list with the config URL, without the URL itself, or an empty list.",
        result: .list("PeerConfigURL")
    )

    static let showPeerConfigURL = Operation.show(
        "showPeerConfigURL",
        "Show whether a peer has a config URL.",
        "Shows since when the config file of the peer is read at its URL, without the URL itself.",
        "PeerConfigURL"
    )

    static let createPeerConfigURL = Operation.create(
        "createPeerConfigURL",
        "Make the config URL of a peer, or another one.",
        """
        Makes a URL at which the device of the peer reads its config file without an API key, as often as \
        it likes. The URL is in this answer only, since the server stores a hash of its token. One that \
        the peer had before is not valid any more.
        """,
        for: .role(.member),
        "NewPeerConfigURL",
        "PeerConfigURL"
    )

    static let deletePeerConfigURL = Operation.delete(
        "deletePeerConfigURL",
        "Revoke the config URL of a peer.",
        "Deletes the config URL of a peer, which is answered like one that never existed from then on.",
        for: .role(.member),
        "PeerConfigURL"
    )

    static let pollPeerConfig = Operation(
        id: "pollPeerConfig",
        summary: "Read the config file of a peer at its config URL.",
        about: """
            Writes the config file of the peer that the token belongs to, for its device to read again and \
            again. A placeholder stands for the private key, which the device has; the preshared key is in \
            the file. The entity tag begins with the revision of the file. A token may be used once a \
            second, and twenty times at once.
            """,
        access: .everybody,
        parameters: [.token("The token of the config URL."), .fullTunnel],
        answer: "A config file for wg-quick, in which a placeholder stands for the private key.",
        result: .text(mediaType: "text/plain", "The text of the config file."),
        hasTag: true,
        refusals: [404, 429, 500]
    )

    static let showSharePage = Operation(
        id: "showSharePage",
        summary: "Show what a one-time link is about.",
        about: """
            Shows a page with a button that opens the link. The page has nothing of the config file, and \
            asking for it does not use the link up.
            """,
        access: .everybody,
        parameters: [.token("The secret of the link.")],
        answer: "The page that explains the link.",
        result: .text(mediaType: "text/html", "The page with the button, as HTML."),
        refusals: [404, 410, 429, 500]
    )

    static let openShare = Operation(
        id: "openShare",
        summary: "Open a one-time link, which uses it up.",
        about: """
            Gives the config file behind the link away: as a page to a client that accepts `text/html`, \
            and as plain text to others. It needs no body. The link leads to nothing from then on, also \
            where the answer is lost.
            """,
        access: .everybody,
        parameters: [.token("The secret of the link.")],
        answer: "The config file, for wg-quick.",
        result: .text(mediaType: "text/plain", "The text of the config file."),
        refusals: [404, 410, 429, 500, 503]
    )
}
