import Testing

@testable import DataPlane

@Suite("Handles")
struct HandleAllocatorTests {
    @Test("new handle slots are counted up, and the slot released last is allocated first")
    func order() {
        var allocator = HandleAllocator()
        #expect((0..<4).map { _ in allocator.allocate().slot } == [0, 1, 2, 3])
        allocator.release(slot: 2)
        allocator.release(slot: 0)
        #expect((0..<3).map { _ in allocator.allocate().slot } == [0, 2, 4])
    }

    @Test("a handle slot has another generation each time it is allocated")
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
