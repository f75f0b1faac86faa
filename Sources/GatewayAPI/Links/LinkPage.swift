import FoundationEssentials
import GatewayDomain
import GatewayService
import HTTPEdge
import HTTPTypes
import NIOCore
import PeerConfig

/// A page for people who follow a one-time link. It is whole in itself and has no script, so that it works
/// in any browser, and nothing on it can send the config file elsewhere.
struct LinkPage {
    private let title: String
    /// HTML.
    private let content: String

    /// Of every answer to a link.
    static let privacy: HTTPFields = [
        .cacheControl: "no-store",
        .known("referrer-policy"): "no-referrer",
        .known("x-robots-tag"): "noindex, nofollow",
        .xContentTypeOptions: "nosniff",
    ]

    static func invitation(to share: PeerShare) -> LinkPage {
        let keys = share.hasPrivateKey ? "its keys among it" : "but for its private key"
        return LinkPage(
            title: "Your VPN configuration",
            content: """
                <p>A WireGuard configuration was shared with you. It has what a device needs to connect, \
                \(keys).</p>
                <p><strong>The link works once.</strong> Open it on the device that is to connect, or where \
                you can save the file.</p>
                <form method="post"><button>Show the configuration</button></form>
                <p class="note">The link expires at \(share.expiresAt.onPage).</p>
                """
        )
    }

    static func config(_ opened: OpenedPeerShare) -> LinkPage {
        let file = PeerTunnel.interfaceName(for: opened.peerName ?? "") + ".conf"
        let bytes = Data(opened.config.utf8).base64EncodedString()
        return LinkPage(
            title: "Your VPN configuration",
            content: """
                <p>Save this file now: the link is used up, and <strong>this page cannot be shown \
                again</strong>.</p>
                <p><a class="button" download="\(file)" \
                href="data:application/octet-stream;base64,\(bytes)">Save \(file)</a></p>
                <pre tabindex="0">\(opened.config.escapedForHTML)</pre>
                <p class="note">In the WireGuard app choose <em>Import from file</em>. On Linux, move the file \
                to <code>/etc/wireguard/\(file)</code> and run \
                <code>wg-quick up \(file.dropLast(5))</code>. Keep the file to yourself: it holds the keys \
                of your device.</p>
                """
        )
    }

    static let spent = LinkPage(
        title: "This link was used or has expired",
        content: """
            <p>A link to a configuration works once, and for a limited time. Ask the sender for a new one.</p>
            <p class="note">If you did not open it yourself, tell the sender: another person may have the \
            configuration.</p>
            """
    )

    static let unknown = LinkPage(
        title: "This link leads to nothing",
        content: """
            <p>It may be incomplete, or was revoked. Copy the whole link once more, or ask the sender for a \
            new one.</p>
            """
    )

    func answer(_ status: HTTPResponse.Status = .ok) -> Answer {
        // Inline styles are let in by a number that a page never has twice.
        let nonce = String(UInt128.random(in: .min ... .max), radix: 36)
        var answer = Answer(
            status,
            mediaType: "text/html; charset=utf-8",
            bytes: ByteBuffer(string: html(nonce: nonce))
        )
        answer.headers = Self.privacy
        answer.headers[.contentSecurityPolicy] = """
            default-src 'none'; style-src 'nonce-\(nonce)'; form-action 'self'; base-uri 'none'; \
            frame-ancestors 'none'
            """
        return answer
    }

    private func html(nonce: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex, nofollow">
        <title>\(title)</title>
        <style nonce="\(nonce)">
        \(Self.style)
        </style>
        <main>
        <h1>\(title)</h1>
        \(content)
        </main>

        """
    }

    private static let style = """
        :root { color-scheme: light dark; --text: #1c2128; --soft: #57606a; --page: #f4f5f7; --card: #fff;
          --line: #d0d7de; --accent: #0b5cad; --on-accent: #fff }
        @media (prefers-color-scheme: dark) { :root { --text: #e6e9ed; --soft: #9aa4af; --page: #101418;
          --card: #181d23; --line: #343b44; --accent: #6cb2ff; --on-accent: #06182b } }
        * { box-sizing: border-box }
        body { margin: 0; background: var(--page); color: var(--text);
          font: 1.0625rem/1.55 system-ui, sans-serif }
        main { max-width: 38rem; margin: 0 auto; padding: 1.5rem 1.25rem; background: var(--card);
          min-height: 100vh }
        @media (min-width: 42rem) { main { margin: 4rem auto; padding: 2rem 2.25rem; min-height: 0;
          border: 1px solid var(--line); border-radius: .75rem } }
        h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; text-wrap: balance }
        p { margin: 0 0 1rem }
        form { margin: 1.5rem 0 }
        button, .button { display: block; width: 100%; padding: .8rem 1.25rem; border: 0;
          border-radius: .5rem; background: var(--accent); color: var(--on-accent); font: inherit;
          font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
          overflow-wrap: anywhere }
        button:hover, .button:hover { filter: brightness(1.1) }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 3px }
        pre { margin: 0 0 1rem; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid var(--line);
          border-radius: .5rem; background: var(--page); font: .8125rem/1.6 ui-monospace, monospace;
          user-select: all; -webkit-user-select: all }
        code { font-family: ui-monospace, monospace; font-size: .875em; overflow-wrap: anywhere }
        .note { color: var(--soft); font-size: .9375rem }
        .note:last-child { margin-bottom: 0 }
        """
}

extension Timestamp {
    /// To the minute.
    fileprivate var onPage: String {
        let text = description
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}

extension String {
    fileprivate var escapedForHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
