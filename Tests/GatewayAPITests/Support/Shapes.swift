import GatewayAPI
import JSON
import Testing

/// Text in the documented form: six digits behind the second, UTC.
func isTimestamp(_ value: JSONValue?) -> Bool {
    value?.text?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z/) != nil
}

func isUUID(_ value: JSONValue?) -> Bool {
    value?.text?.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil
}

func isKey(_ value: JSONValue?) -> Bool {
    value?.text?.wholeMatch(of: /[A-Za-z0-9+\/]{43}=/) != nil
}

extension JSONValue {
    /// The value with other texts in place of the given members', to compare what is made anew
    /// every time: ids, keys and times.
    func masking(_ names: String...) -> JSONValue {
        guard case .object(let object) = self else { return self }
        return .object(
            JSONObject(
                object.members.map { member in
                    names.contains(member.name)
                        ? JSONObject.Member(name: member.name, value: "*") : member
                }
            )
        )
    }
}
