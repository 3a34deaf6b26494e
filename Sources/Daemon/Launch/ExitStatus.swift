/// Exit statuses of the process, as sysexits.h numbers them.
package enum ExitStatus {
    /// The configuration, a file it names or a port it names must be put right first (EX_CONFIG).
    package static let configuration: Int32 = 78
}
