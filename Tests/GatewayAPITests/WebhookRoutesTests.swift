import HTTPTypes
import JSON
import Testing

@Suite("Webhooks on the wire")
struct WebhookRoutesTests {
    @Test(
        "a webhook is made, shown, changed, tested and deleted, and its secret is in no other answer"
    )
    func lifecycle() async throws {
        try await TestAPI.run { client in
            let made = try await client.post(
                "/v2/webhooks",
                #"{"name":" alerts ","url":"HTTPS://Example.com","events":["network.*","network.*"]}"#
            )
            let id = try made.created(200)
            #expect(
                try made.data.names == [
                    "id", "record_type", "organization_id", "name", "url", "events", "enabled",
                    "secret", "state", "last_delivered_at", "failing_since", "last_error",
                    "pending_events", "pending_since", "dropped_events", "skipped_events",
                    "created_at", "updated_at",
                ]
            )
            #expect(try made.data["url"] == "https://example.com/")
            #expect(try made.data["events"] == ["network.*"])
            #expect(try made.data["enabled"] == .bool(true))
            let secret = try #require(try made.data["secret"]?.text)
            #expect(secret.hasPrefix("whsec_"))
            let changed = try await client.patch("/v2/webhooks/\(id)", #"{"events":["*"]}"#)
            #expect(try changed.data["events"] == ["*"])
            let rotated = try await client.post("/v2/webhooks/\(id)/secret", "{}")
            let other = try #require(try rotated.data["secret"]?.text)
            #expect(other != secret && other.hasPrefix("whsec_"))
            let retried = try await client.post("/v2/webhooks/\(id)/retry", "{}")
            #expect(try retried.data["state"] == "working")
            // The tests' server sends nothing anywhere.
            let tested = try await client.post("/v2/webhooks/\(id)/test", "{}")
            #expect(tested.status == 200)
            #expect(try tested.data["error"] == "is closed")
            #expect(try tested.data["status"] == .null)
            let listed = try await client.get("/v2/webhooks/\(id)/deliveries")
            #expect(try listed.data[0] == tested.data)
            let answers = [
                try await client.get("/v2/webhooks"), try await client.get("/v2/webhooks/\(id)"),
                try await client.get("/v2/events"), changed, listed, tested, retried,
                try await client.delete("/v2/webhooks/\(id)"),
            ]
            for answer in answers {
                #expect(answer.status == 200)
                #expect(!answer.text.contains(secret) && !answer.text.contains(other))
            }
            #expect(try await client.get("/v2/webhooks/\(id)").status == 404)
        }
    }

    @Test("all problems of a request for a webhook are reported together")
    func mistakes() async throws {
        try await TestAPI.run { client in
            for (body, problems) in [
                ("{}", ["10004 /events", "10004 /name", "10004 /url"]),
                (
                    #"{"name":"","url":"https://a@example.com/","events":["x","*"]}"#,
                    ["10015 /events/0", "10015 /url", "10025 /name"]
                ),
                (
                    #"{"name":"a","url":"https://10.0.0.1/","events":[]}"#,
                    ["10015 /url", "10025 /events"]
                ),
                (#"{"name":"a","url":"http://example.com/","events":["*"]}"#, ["10015 /url"]),
            ] {
                let answer = try await client.post("/v2/webhooks", body)
                #expect(answer.status == 422)
                #expect(try answer.problems.sorted() == problems, "\(body)")
            }
            #expect(try await client.get("/v2/webhooks").data.count == 0)
        }
    }

    @Test("an owner can neither make nor change a webhook for what only admins see")
    func escalation() async throws {
        try await TestAPI.run { client in
            let owner = client.with(key: try await client.makeKey(role: "owner"))
            let body = #"{"name":"a","url":"https://example.com/","events":["node.*"]}"#
            #expect(try await owner.post("/v2/webhooks", body).status == 403)
            let id = try await client.post("/v2/webhooks", body).created(200)
            let change = #"{"url":"https://other.example.com/"}"#
            #expect(try await owner.patch("/v2/webhooks/\(id)", change).status == 403)
            #expect(try await owner.post("/v2/webhooks/\(id)/secret", "{}").status == 403)
            #expect(try await owner.post("/v2/webhooks/\(id)/test", "{}").status == 403)
            #expect(try await owner.post("/v2/webhooks/\(id)/retry", "{}").status == 403)
        }
    }
}
