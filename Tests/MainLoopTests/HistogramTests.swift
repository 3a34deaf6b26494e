import MainLoop
import Testing

@Suite struct HistogramTests {
    @Test func aTimeFallsIntoTheFirstBucketThatIsLongEnough() {
        var histogram = Histogram([.milliseconds(1), .milliseconds(10)])
        for time: Duration in [.zero, .milliseconds(1), .microseconds(1001), .milliseconds(10), .seconds(3)] { histogram.observe(time) }
        #expect(histogram.counts == [2, 2, 1])
        #expect(histogram.sum == .seconds(3) + .microseconds(12_001))
    }

    @Test(arguments: [Histogram.ofWork, .ofRequests])
    func boundsAscend(_ histogram: Histogram) {
        #expect(histogram.bounds == histogram.bounds.sorted() && Set(histogram.bounds).count == histogram.bounds.count)
        #expect(histogram.counts.count == histogram.bounds.count + 1)
    }
}
