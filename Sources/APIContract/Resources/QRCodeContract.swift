/// A QR code as answers show it.
package struct QRCodeImages: Equatable, Sendable {
    package let svg: String
    package let png: [UInt8]

    package init(svg: String, png: [UInt8]) {
        self.svg = svg
        self.png = png
    }
}

extension QRCodeImages: APIObject {
    package static let contract = AnswerContract(
        "QRCode",
        "A QR code of a config file, which the apps of WireGuard scan.",
        QRCodeMembers()
    )
}

package struct QRCodeMembers: AnswerMembers {
    package typealias Object = QRCodeImages

    package let svg = AnswerMember(
        Member(
            "svg",
            Codec<String>.text(example: "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
            "The image as SVG, which a page can have among its elements."
        ),
        \QRCodeImages.svg
    )
    package let png = AnswerMember(
        Member("png", Codec<[UInt8]>.base64, "The image as PNG, in base64 (RFC 4648, section 4)."),
        \QRCodeImages.png
    )
}

extension Codec<QRCodeImages> {
    static var qrCode: Codec {
        .reference(to: QRCodeImages.contract) { QRCodeImages(svg: $0.svg, png: $0.png) }
    }
}
