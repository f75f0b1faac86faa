import GatewayDomain
import JSON

/// Members of a request body, unjudged: the verb says what is missing and what is wrong.
extension JSONObject {
    func string(_ name: String) -> Field<String> {
        field(name) { value in
            guard case .string(let text) = value else { return nil }
            return text
        }
    }

    func integer(_ name: String) -> Field<Int> {
        field(name) { value in
            guard case .integer(let number) = value else { return nil }
            return number
        }
    }

    func bool(_ name: String) -> Field<Bool> {
        field(name) { value in
            guard case .bool(let flag) = value else { return nil }
            return flag
        }
    }

    func strings(_ name: String) -> Field<[String]> {
        field(name) { value in
            guard case .array(let elements) = value else { return nil }
            let texts = elements.compactMap { element -> String? in
                guard case .string(let text) = element else { return nil }
                return text
            }
            return texts.count == elements.count ? texts : nil
        }
    }

    func presharedKey(_ name: String) -> Field<PresharedKeyRequest> {
        field(name) { value in
            switch value {
            case .bool(true): .make
            case .bool(false): .without
            case .string(let text): .given(text)
            case .null, .integer, .number, .encoded, .array, .object: nil
            }
        }
    }

    private func field<Value>(
        _ name: String,
        _ read: (JSONValue) -> Value?
    ) -> Field<Value> {
        guard let value = self[name] else { return .absent }
        guard value != .null else { return .null }
        return read(value).map { .value($0) } ?? .wrongType
    }
}
