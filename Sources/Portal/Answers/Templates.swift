import HTTPTypes
import Hummingbird
import HummingbirdCore
import Mustache
import NIOCore

/// The pages that the server writes, by the names of their files in `Templates/`. What a page shows is put in
/// as text: `{{name}}` escapes it, and no template asks for anything else.
enum Templates {
    private static let library: MustacheLibrary = {
        var library = MustacheLibrary()
        for (name, file) in EmbeddedFile.folder("Templates") {
            do {
                try library.register(
                    String(decoding: file.bytes, as: UTF8.self),
                    named: String(name.prefix { $0 != "." })
                )
            } catch {
                preconditionFailure("the template \(name) cannot be read: \(error)")
            }
        }
        return library
    }()

    /// - Parameter values: by the names that stand in the template; `assets` is added.
    static func text(_ template: String, _ values: [String: Any]) -> String {
        var values = values
        values["assets"] = AssetSet.shared.base
        guard let text = library.render(values, withTemplate: template) else {
            preconditionFailure("the program lacks the template \(template)")
        }
        return text
    }

    static func page(
        _ template: String,
        _ values: [String: Any],
        status: HTTPResponse.Status = .ok
    ) -> Response {
        var headers = PageHeaders.all
        headers[.contentType] = "text/html; charset=utf-8"
        return Response(
            status: status,
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: text(template, values)))
        )
    }
}
