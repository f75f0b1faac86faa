package import APIContract
import GatewayDomain
package import JSON

extension APIRequest {
    /// As it comes through the API: its fields know where they stand in the body.
    package init(reading body: KeyValuePairs<String, JSONValue>) {
        self.init(JSONObject(body.map { JSONObject.Member(name: $0.key, value: $0.value) }))
    }
}
