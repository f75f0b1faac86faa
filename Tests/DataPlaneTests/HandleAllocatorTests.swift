import DataPlane
import Testing

@Suite("Handles")
struct HandleAllocatorTests {
    @Test("new slots are counted up, and the one that was given back last is given out first")
    func order() {
        var allocator = HandleAllocator()
        #expect((0..<4).map { _ in allocator.allocate().slot } == [0, 1, 2, 3])
        allocator.release(slot: 2)
        allocator.release(slot: 0)
        #expect((0..<3).map { _ in allocator.allocate().slot } == [0, 2, 4])
    }

    @Test("a slot has another generation each time it is given out")
    func generations() {
        var allocator = HandleAllocator()
        let generations = (0..<3).map { _ in
            let (slot, generation) = allocator.allocate()
            allocator.release(slot: slot)
            return generation
        }
        #expect(generations == [1, 2, 3])
    }
}
