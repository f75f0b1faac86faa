import Testing

@testable import GatewayClient

struct ServerURLTests {
    @Test(
        "a URL is taken as it is typed or as it is copied from the API",
        arguments: [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("HTTPS://Gateway.example.net", "https://Gateway.example.net"),
            ("https://a.example/v2", "https://a.example"), ("http://a/", "http://a"),
            ("http://[::1]:80", "http://[::1]:80"),
        ]
    )
    func good(text: String, url: String) {
        #expect(ServerURL(text)?.text == url)
    }

    @Test(
        "what is not the URL of a server is refused, and so is one with a password or a path",
        arguments: [
            "", "nowhere", "127.0.0.1:8080", "ftp://a", "http://", "http://user:word@a",
            "http://a/v1", "http://a/?x=1", "http://a#b",
        ]
    )
    func bad(text: String) {
        #expect(ServerURL(text) == nil)
    }
}
