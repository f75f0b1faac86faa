import NetAddress
import Testing

@testable import WireGuardEngine

struct DropNotesTests {
    private func note(_ reason: DropReason, _ number: UInt32, at second: UInt64) -> DropNote {
        let time = WallTime(nanoseconds: second * 1_000_000_000)
        return DropNote(
            reason: reason,
            flow: DropNote.Flow(
                source: .v4(IPv4Address(bits: number)),
                destination: .v4(IPv4Address(bits: 1))
            ),
            last: time,
            length: Int(second),
            exceededMTU: 0
        )
    }

    @Test("dropped packets of one reason and one flow are one note, with the newest length")
    func sameFlow() {
        var notes = DropNotes()
        for second in 1...5 as ClosedRange<UInt64> {
            notes.add(note(.sourceNotAllowed, 7, at: second))
        }
        #expect(notes.list.count == 1)
        #expect(notes.list.first?.count == 5)
        #expect(notes.list.first?.last.nanoseconds == 5_000_000_000)
        #expect(notes.list.first?.length == 5)
    }

    @Test("a flood from ever new addresses leaves the notes of other reasons where they are")
    func flood() {
        var notes = DropNotes()
        notes.add(note(.tooBig, 1, at: 1))
        notes.add(note(.noEndpoint, 1, at: 2))
        for number in 0..<10_000 as Range<UInt32> {
            notes.add(note(.sourceNotAllowed, number, at: UInt64(number) + 3))
        }
        #expect(notes.list.count == DropNotes.capacity)
        #expect(notes.list.map(\.reason).contains(.tooBig))
        #expect(notes.list.map(\.reason).contains(.noEndpoint))
        #expect(notes.list.last?.flow?.source == .v4(IPv4Address(bits: 9_999)))
    }
}
