import Testing

@testable import HubRuntime

struct PeerCommentsTests {
    @Test(
        "a comment names the peer that it stands at, in the ways that people and scripts write it",
        arguments: [
            ("# Name = laptop\n[Peer]\nPublicKey = x", "laptop"),
            ("# laptop\n[Peer]\nPublicKey = x", "laptop"),
            ("### Client laptop\n[Peer]\nPublicKey = x", "laptop"),
            (
                "# Client: laptop (6a09e667-f3bc-4908-b2fb-1366ea957d3e)\n[Peer]\nPublicKey = x",
                "laptop"
            ),
            ("### begin laptop ###\n[Peer]\nPublicKey = x\n### end laptop ###", "laptop"),
            ("# BEGIN_PEER laptop\n[Peer]\nPublicKey = x\n# END_PEER laptop", "laptop"),
            ("[Peer]\n# laptop of Ada\nPublicKey = x", "laptop of Ada"),
            ("[Peer] # laptop\nPublicKey = x", "laptop"),
            ("[Peer]\n#friendly_name=laptop\nPublicKey = x", "laptop"),
            ("[Peer]\nPublicKey = x\n# Name = laptop", "laptop"),
            ("[Peer]\nPublicKey = x # laptop", "laptop"),
            ("# above\n[Peer]\n# inside\nPublicKey = x\n# Name = named", "named"),
            ("# above\n[Peer]\n# inside\nPublicKey = x # behind", "inside"),
            ("# a\n# laptop\r\n[Peer]\r\nPublicKey = x\r", "laptop"),
        ]
    )
    func names(text: String, name: String) {
        let file = "[Interface]\n# office\nPrivateKey = x\n\n" + text
        let names = PeerComments.names(in: Array(file.utf8))
        #expect(Array(names.values) == [name])
    }

    @Test(
        "a comment that is a setting, a key or about something else names no peer",
        arguments: [
            "[Peer]\nPublicKey = x", "[Peer]\n# PresharedKey = secret\nPublicKey = x",
            "#AllowedIPs = 10.0.0.2/32\n[Peer]\nPublicKey = x",
            "[Peer]\n# HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw=\nPublicKey = x",
            "# laptop\n\n[Peer]\nPublicKey = x", "[Peer]\nPublicKey = x\n# moved in May",
            "[Peer]\n#\nPublicKey = x", "[Peer]\n# Name =\nPublicKey = x",
        ]
    )
    func noName(text: String) {
        #expect(PeerComments.names(in: Array(text.utf8)).isEmpty)
    }

    @Test("comments name each peer by the line of its section")
    func lines() {
        let text = "# a\n[Peer]\nPublicKey = x\n# b\n[Peer]\nPublicKey = y\n\n[Peer]\nPublicKey = z"
        #expect(PeerComments.names(in: Array(text.utf8)) == [2: "a", 5: "b"])
    }
}
