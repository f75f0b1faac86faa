import APIContract
import Foundation
import GatewayAPI
import Hummingbird
import JSON
import Testing

@Suite("The OpenAPI document")
struct DocumentTests {
    @Test("the OpenAPI document is the one that is checked in")
    func golden() async throws {
        try await TestAPI.run { client in
            let answer = try await client.with(key: nil).get("/openapi.json")
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/json; charset=utf-8")
            let checkedIn = try JSONParser.parse(Array(try Data(contentsOf: Self.file)))
            let isSame = try answer.json == checkedIn
            if !isSame { try Data(answer.text.utf8).write(to: Self.actual) }
            #expect(isSame, "jq . \(Self.actual.path) >openapi.json, and look at the difference")
        }
    }

    @Test("the OpenAPI document names every route of the router, and no other")
    func routes() async throws {
        let api = try await TestAPI()
        let routed = APIRouter(controlPlane: api.controlPlane).router().routes
            .filter { $0.method != .head }
            .map { "\($0.method.rawValue.lowercased()) \($0.path.description)" }
        let document = try JSONParser.parse(Array(try Data(contentsOf: Self.file)))
        let paths = try #require(document["paths"])
        let described = paths.names.flatMap { path in
            (paths[path]?.names ?? []).map { "\($0) \(path)" }
        }
        #expect(described.sorted() == routed.sorted())
        #expect(routed.count == 120)
    }

    @Test("the OpenAPI document names every operation once, and has every schema that it refers to")
    func names() async throws {
        let text = String(decoding: try Data(contentsOf: Self.file), as: UTF8.self)
        let document = try JSONParser.parse(Array(text.utf8))
        let operations = text.matches(of: /"operationId": "(\w+)"/).map { $0.output.1 }
        #expect(Set(operations).count == operations.count)
        let references = text.matches(of: /"#\/components\/schemas\/(\w+)"/).map {
            String($0.output.1)
        }
        let schemas = try #require(document["components"]?["schemas"]).names
        #expect(Set(references) == Set(schemas))
    }

    @Test(
        "the OpenAPI document and the page of errors need no API key, and errors link to the page"
    )
    func errorPage() async throws {
        try await TestAPI.run { client in
            let page = try await client.with(key: nil).get("/docs/errors")
            #expect(page.status == 200)
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            for code in ErrorCode.allCases {
                #expect(page.text.contains("<div id=\"\(code.rawValue)\">"))
            }
            let refused = try await client.get("/v2/nothing").json
            #expect(refused["errors"]?[0]?["meta"]?["url"] == "/docs/errors#10005")
        }
    }

    static let file = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "openapi.json")
    private static let actual = FileManager.default.temporaryDirectory
        .appending(path: "wgw-openapi.json")
}
