/// A configuration file in which no key has its default.
package enum ChangedConfiguration {
    package static let text = """
        [server]
        name = "irc.example.com"
        network = "Other"
        description = "Other"
        motd = "/m"
        icon = "https://example.com/i.png"
        denied_client_tags = ["*"]
        web_push = false
        token_services = ["FILEHOST https://files.example.com 203.0.113.5 Uploads of files"]
        default_user_modes = "+i"
        password = "$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA"
        [listen]
        plain = []
        tls = []
        http = ["127.0.0.1:1"]
        web_client = false
        proxies = ["10.0.0.0/8"]
        proxy_header = "required"
        gateways = ["a b 203.0.113.5"]
        [tls]
        certificate = "/c"
        key = "/k"
        certificates = [{ certificate = "/c2", key = "/k2" }]
        sts_port = 6697
        sts_duration = 60
        [acme]
        domains = ["irc.example.com"]
        email = "a@example.com"
        agree_to_terms = true
        directory = "https://ca.example.com/directory"
        challenge = "tls-alpn-01"
        listen = []
        authority_ca = "/a"
        external_account_id = "a"
        external_account_key = "c2VjcmV0LXNlY3JldA"
        [data]
        directory = "/d"
        key_credential = "roost.key"
        [identity]
        plc_directory = "https://plc.test"
        dns_server = "127.0.0.1:1"
        allow_loopback = true
        service_method = "com.example.login"
        bare_service_did = true
        pds_methods = true
        extra_ca = "/e"
        [broker]
        session_idle_days = 7
        session_days = 30
        public_url = "https://a.example"
        return_to = ["https://b.example"]
        [limits]
        connections_per_address = 1
        registration_timeout = 1
        ping_interval = 1
        ping_timeout = 1
        send_queue = "16 KiB"
        send_queue_age = 1
        receive_queue = "16 KiB"
        flood_control = false
        flood_burst = 1
        flood_rate = 1
        channels_per_client = 1
        list_entries = 1
        metadata_keys = 1
        metadata_subscriptions = 1
        multiline_bytes = 1000
        multiline_lines = 9
        monitor_entries = 1
        targets = 1
        whowas_entries = 1
        shutdown_timeout = 1
        classes = [{ name = "local", addresses = ["10.0.0.0/8"], flood_rate = 20 }]
        nick_length = 9
        user_length = 9
        realname_length = 9
        channel_length = 9
        topic_length = 9
        kick_length = 9
        away_length = 9
        quit_length = 9
        key_length = 9
        [accounts]
        operators = ["did:plc:aliceaaaaaaaaaaaaaaaaaaa"]
        allowed = ["did:web:example.com", "example.com", "ann"]
        recheck_minutes = 5
        registration = "invite"
        did_passwords = true
        before_connect = false
        custom_name = true
        password_length = 9
        hash_memory = "32 MiB"
        hash_passes = 3
        hash_lanes = 2
        scram = true
        scram_iterations = 700000
        per_hour = 1
        require_email = true
        mailer = "/m"
        reserve_nicks = false
        nicknames = 1
        channels = 1
        always_on = "mandatory"
        auto_away = false
        always_on_days = 1
        [operators]
        classes = [{ name = "helper", extends = "base", may = ["kill"], whois_line = "helps", notices = ["kills"] }, { name = "base", may = ["stats"] }]
        assigned = ["ann helper"]
        default_class = "base"
        [history]
        enabled = false
        events = false
        retention_messages = 1
        join_notice = false
        join_replay = 1
        catch_up = 1
        retention_days = 1
        page = 1
        commit_delay = "1 ms"
        [dnsbl]
        lists = ["dnsbl.example.org 3,5-7 reject"]
        exempt = ["192.0.2.0/24"]
        [metrics]
        from = ["127.0.0.1"]
        [log]
        format = "json"
        level = "debug"
        [admin]
        location = "a"
        organisation = "a"
        email = "a"
        """
}
