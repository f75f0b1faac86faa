import JSON
import Testing

struct YAMLWriterTests {
    @Test("the YAML writer keeps the order of members and indents what is inside of them")
    func structure() {
        let value: JSONValue = [
            "version": .integer(1),
            "peers": [
                ["name": "laptop", "tags": ["a", "b"], "keepalive": .null],
                ["name": "phone", "place": ["city": "Berlin"], "tags": []],
            ],
            "lists": [["a"], []],
            "empty": [:],
        ]
        #expect(
            value.yaml == """
                version: 1
                peers:
                - name: laptop
                  tags:
                  - a
                  - b
                  keepalive: null
                - name: phone
                  place:
                    city: Berlin
                  tags: []
                lists:
                - - a
                - []
                empty: {}

                """
        )
    }

    @Test("a value that is not a mapping or list is a YAML document of one line")
    func scalars() {
        #expect(JSONValue.string("a").yaml == "a\n")
        #expect(JSONValue.bool(true).yaml == "true\n")
        #expect(JSONValue.object(JSONObject()).yaml == "{}\n")
    }

    @Test(
        "names, addresses and keys stand in YAML as they are",
        arguments: [
            "laptop", "my first network", "172.27.0.0/16", "/a/b",
            "192.0.2.1:5000/x", "AbC+/0=", "2001:db8::/32", "a:b",
            "6f1c9d1e-0000-4000-8000-00000000000f",
        ]
    )
    func plain(text: String) {
        #expect(JSONValue.string(text).yaml == text + "\n")
    }

    @Test(
        "a text that YAML could take for something else stands in quotes",
        arguments: [
            "", " ", "no", "Yes", "NULL", "~", "1", "0x1F", "1e3", "2026-11-26", "12:30:45",
            "1.2.3.4",
            "-1", "- a", "a: b", "a:", "a ", "a #b", "#a", "*a", "&a", "!a", "%a", "[a", "{a", "'a",
            "?",
            "é", "a\tb", "\"a", "|", ">", "@a", "`a",
        ]
    )
    func quoted(text: String) {
        #expect(JSONValue.string(text).yaml == JSONValue.string(text).encoded + "\n")
    }
}
