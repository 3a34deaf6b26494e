#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What the system calls error `code`.
func systemText(_ code: CInt) -> String {
    String(cString: strerror(code))
}
