import MainLoop

/// Gives other tasks their turn until `condition` holds. False when it does not come to hold; a test then fails, not hangs.
@LoopActor
func eventually(_ condition: @LoopActor () async -> Bool) async -> Bool {
    for _ in 0..<1_000_000 {
        if await condition() { return true }
        await Task.yield()
    }
    return false
}
