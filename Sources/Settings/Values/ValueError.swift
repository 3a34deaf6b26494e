/// What is wrong with one value: one or more findings, each in a sentence that tells what to write.
package struct ValueError: Error, Equatable, Sendable {
    package struct Finding: Equatable, Sendable {
        /// Index of the element of a list; `nil` for the value itself.
        package var element: Int?
        package var message: String
        /// Where below the element or the value.
        package var inside: [KeyLocator.Step]

        package init(element: Int?, message: String, inside: [KeyLocator.Step] = []) {
            self.element = element
            self.message = message
            self.inside = inside
        }
    }

    package var findings: [Finding]

    package init(findings: [Finding]) {
        self.findings = findings
    }

    package init(_ message: String) {
        findings = [Finding(element: nil, message: message)]
    }

    package var message: String { findings.map(\.message).joined(separator: "; ") }
}
