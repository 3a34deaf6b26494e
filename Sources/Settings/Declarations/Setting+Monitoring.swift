extension Setting {
    static let metricsKeys: [Setting] = [
        Setting(
            "metrics", "from", \.metrics.from, Format<String>.addressRange.list, .reload,
            "Addresses or networks that may read `/metrics` without a token, such as \"127.0.0.1\".",
            detail: "Others need a token of `roost token`. A reverse proxy on this machine brings everybody's requests from 127.0.0.1 "
                + "unless it is in `listen.proxies`: have it refuse `/metrics`, or leave this empty.")
    ]

    static let logKeys: [Setting] = [
        Setting(
            "log", "format", \.log.format, .choice, .restart, "How the log is written: lines for people, or JSON objects for programs.",
            detail: "`--log-format` and `$ROOST_LOG_FORMAT` come before it."),
        Setting(
            "log", "level", \.log.level, .choice, .reload, "How much is logged; each level includes those after it.",
            detail: "`--log-level` and `$ROOST_LOG_LEVEL` come before it at the start; `roost admin loglevel` changes it until the next "
                + "restart, and so does a reload with another value."),
    ]
}
