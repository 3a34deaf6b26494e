import Settings
import Testing

@Suite struct KeyLocatorTests {
    @Test func findsSectionsAndKeysBetweenComments() {
        let locator = KeyLocator(
            """
            # [server] is not here
            [server]   # but here
              name = "a"  # name = "b"

            [ limits ]
            send_queue = 3
            """)
        #expect(key(locator, "server") == Position(line: 2, column: 2))
        #expect(key(locator, "server", "name") == Position(line: 3, column: 3))
        #expect(value(locator, "server", "name") == Position(line: 3, column: 10))
        #expect(key(locator, "limits") == Position(line: 5, column: 3))
        #expect(value(locator, "limits", "send_queue") == Position(line: 6, column: 14))
    }

    @Test func stringsHideBracketsHashesAndQuotes() {
        let locator = KeyLocator(
            #"""
            [server]
            one = "]#['" # comment
            two = 'C:\' # a backslash is nothing special here
            three = "say \"[hi]\" \\" # comment
            four = 4
            """#)
        #expect(key(locator, "server", "two") == Position(line: 3, column: 1))
        #expect(key(locator, "server", "three") == Position(line: 4, column: 1))
        #expect(key(locator, "server", "four") == Position(line: 5, column: 1))
    }

    @Test func longStringsHideWholeLines() {
        let locator = KeyLocator(
            """
            [server]
            one = \"\"\"
            [limits]
            two = 2 ""\"\"\"
            three = '''
            four = 4
            ''''
            five = 5
            """)
        #expect(key(locator, "limits") == nil)
        #expect(key(locator, "server", "two") == nil)
        #expect(key(locator, "server", "four") == nil)
        #expect(key(locator, "server", "three") == Position(line: 5, column: 1))
        #expect(key(locator, "server", "five") == Position(line: 8, column: 1))
    }

    @Test func dottedAndQuotedKeys() {
        let locator = KeyLocator(
            """
            server."the name" = 1
            'listen' . plain = 2
            [limits."a.b"]
            c = 3
            """)
        #expect(key(locator, "server") == Position(line: 1, column: 1))
        #expect(key(locator, "server", "the name") == Position(line: 1, column: 8))
        #expect(key(locator, "listen", "plain") == Position(line: 2, column: 12))
        #expect(value(locator, "listen", "plain") == Position(line: 2, column: 20))
        #expect(key(locator, "limits", "a.b", "c") == Position(line: 4, column: 1))
    }

    @Test func elementsOfLists() {
        let locator = KeyLocator(
            """
            [listen]
            plain = ["a", "b]", 'c']
            tls = [
              "d", # one "
              # "none",

              "e",
            ]
            http = [[1, 2], { x = [3, 4] }]
            after = 1
            """)
        let plain: [KeyLocator.Step] = [.key("listen"), .key("plain")]
        #expect(locator.place(of: plain + [.index(0)])?.value == Position(line: 2, column: 10))
        #expect(locator.place(of: plain + [.index(1)])?.value == Position(line: 2, column: 15))
        #expect(locator.place(of: plain + [.index(2)])?.value == Position(line: 2, column: 21))
        #expect(locator.place(of: plain + [.index(3)]) == nil)
        let tls: [KeyLocator.Step] = [.key("listen"), .key("tls")]
        #expect(locator.place(of: tls + [.index(0)])?.value == Position(line: 4, column: 3))
        #expect(locator.place(of: tls + [.index(1)])?.value == Position(line: 7, column: 3))
        let http: [KeyLocator.Step] = [.key("listen"), .key("http")]
        #expect(locator.place(of: http + [.index(0), .index(1)])?.value == Position(line: 9, column: 13))
        #expect(locator.place(of: http + [.index(1), .key("x"), .index(1)])?.value == Position(line: 9, column: 27))
        #expect(key(locator, "listen", "after") == Position(line: 10, column: 1))
    }

    @Test func repeatedSectionsAreCounted() {
        let locator = KeyLocator(
            """
            [[oper]]
            name = "a"
            [[oper]]
            name = "b"
            [oper.more]
            x = 1
            """)
        #expect(locator.place(of: [.key("oper"), .index(0), .key("name")])?.key == Position(line: 2, column: 1))
        #expect(locator.place(of: [.key("oper"), .index(1), .key("name")])?.key == Position(line: 4, column: 1))
        #expect(locator.place(of: [.key("oper"), .index(1), .key("more"), .key("x")])?.key == Position(line: 6, column: 1))
    }

    @Test func columnsCountScalarsAndLinesMayEndInCarriageReturns() {
        let locator = KeyLocator("\u{FEFF}[server]\r\nname = \"é😀\"; x\r\nb = [\"é😀\", 1]\r\n")
        #expect(key(locator, "server") == Position(line: 1, column: 2))
        #expect(key(locator, "server", "b") == Position(line: 3, column: 1))
        #expect(locator.place(of: [.key("server"), .key("b"), .index(1)])?.value == Position(line: 3, column: 12))
    }

    @Test(arguments: [
        "", "[", "[[", "a", "a =", "a = [", "a = {", "a = \"", "a = '''x", "= 1", "a = [}, {]", "]\n}\n,", "[[a]\n[a.b\n\"\\",
    ])
    func textThatIsNoTOMLEndsToo(_ text: String) {
        #expect(KeyLocator(text).place(of: [.key("missing")]) == nil)
    }

    private func key(_ locator: KeyLocator, _ path: String...) -> Position? {
        locator.place(of: path.map { .key($0) })?.key
    }

    private func value(_ locator: KeyLocator, _ path: String...) -> Position? {
        locator.place(of: path.map { .key($0) })?.value
    }
}
