import MainLoop
import Testing

@testable import Daemon

@Suite struct MetricsPageTests {
    @Test func everyMetricHasItsHelpAndType() {
        var page = MetricsPage()
        page.add(.counter, "a_total", "What a is.", 3)
        page.add(.gauge, "b_seconds", "What b is.", 0.25)
        page.add(.gauge, "c", "By kind.", by: "kind", [("x", 1), ("y", -2)])
        #expect(
            page.text == """
                # HELP a_total What a is.
                # TYPE a_total counter
                a_total 3
                # HELP b_seconds What b is.
                # TYPE b_seconds gauge
                b_seconds 0.25
                # HELP c By kind.
                # TYPE c gauge
                c{kind="x"} 1
                c{kind="y"} -2

                """)
    }

    @Test func aMetricWithoutValuesIsStillThere() {
        var page = MetricsPage()
        page.add(.gauge, "a", "Nothing.", [MetricsPage.Sample]())
        #expect(page.text == "# HELP a Nothing.\n# TYPE a gauge\n")
    }

    @Test func textsAreEscaped() {
        var page = MetricsPage()
        page.add(.gauge, "a", "One \"word\",\ntwo \\ lines.", [.init(labels: [("l", "a\"b\\c\nd é")], value: 1)])
        #expect(page.text.contains("# HELP a One \"word\",\\ntwo \\\\ lines.\n"))
        #expect(page.text.hasSuffix("a{l=\"a\\\"b\\\\c\\nd é\"} 1\n"))
    }

    @Test func bucketsOfAHistogramAddUp() {
        var (page, times) = (MetricsPage(), Histogram([.milliseconds(1), .seconds(1)]))
        for time: Duration in [.microseconds(500), .milliseconds(500), .milliseconds(500), .seconds(2)] { times.observe(time) }
        page.add("t_seconds", "Times.", [([("command", "PING")], times)])
        #expect(
            page.text == """
                # HELP t_seconds Times.
                # TYPE t_seconds histogram
                t_seconds_bucket{command="PING",le="0.001"} 1
                t_seconds_bucket{command="PING",le="1"} 3
                t_seconds_bucket{command="PING",le="+Inf"} 4
                t_seconds_sum{command="PING"} 3.0005
                t_seconds_count{command="PING"} 4

                """)
    }

    @Test(arguments: [(1e15, "1000000000000000"), (0.1, "0.1"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (-0.0, "0")])
    func numbersAreWritten(_ value: Double, _ text: String) {
        var page = MetricsPage()
        page.add(.gauge, "a", "A.", value)
        #expect(page.text.hasSuffix("\na \(text)\n"))
    }
}
