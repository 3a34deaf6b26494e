#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The reason of the last failed system call, such as "Permission denied".
func lastSystemError() -> String {
    String(cString: strerror(errno))
}
