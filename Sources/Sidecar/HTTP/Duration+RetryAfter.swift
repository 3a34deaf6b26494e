extension Duration {
    /// For `Retry-After`: whole seconds, after which this time is over.
    var retryAfter: Int { Int(components.seconds) + 1 }
}
