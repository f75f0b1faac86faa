import APIContract
import NIOCore

/// What `errors[].meta.url` leads to: every code that this server answers with, and what to do.
enum ErrorPage {
    static let bytes = ByteBuffer(string: text)

    private static let text = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Errors of the wgw API</title>
        <style>
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 46em; margin: 2em auto; padding: 0 1em }
        dt { margin-top: 1.2em; font-weight: 600 }
        dt:target { background: #fd6 }
        code { font-family: ui-monospace, monospace }
        </style>
        <h1>Errors</h1>
        <p>A request that is refused has changed nothing. The body of the answer lists everything that
        is wrong with it in <code>errors</code>: <code>detail</code> says what, <code>source</code> where.</p>
        <dl>
        \(ErrorCode.allCases.map(entry).joined(separator: "\n"))
        </dl>

        """

    private static func entry(_ code: ErrorCode) -> String {
        """
        <dt id="\(code.rawValue)"><code>\(code.rawValue)</code> \(code.title)</dt>
        <dd>\(code.advice)</dd>
        """
    }
}
