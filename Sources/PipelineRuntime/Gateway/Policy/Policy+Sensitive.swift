extension Policy {
    /// Where secrets usually are: no rule reaches these unless it lists them, in any case and spelling.
    ///
    /// Credentials of tools and clouds, private keys, what the system keeps from its users, and what a
    /// process knows of itself.
    public static let sensitivePaths: [String] =
        [
            ".env", ".env.*", ".envrc", "*.pem", "*.key", "*.p8", "*.p12", "*.pfx", "*.ppk", "*.jks",
            "*.keystore", "*.kdbx", "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*", ".ssh/**", ".gnupg/**",
            ".aws/**", ".azure/**", ".config/gcloud/**", ".config/gh/**", ".docker/config.json", ".kube/**",
            ".netrc", "_netrc", ".npmrc", ".yarnrc.yml", ".pypirc", ".gem/credentials", ".cargo/credentials*",
            ".git-credentials", ".config/git/credentials", ".pgpass", ".my.cnf", ".htpasswd", ".vault-token",
            ".terraform.d/credentials*", "Library/Keychains/**",
        ].map { pattern in "/**/\(pattern)" } + [
            "/etc/shadow*", "/etc/gshadow*", "/etc/sudoers", "/etc/sudoers.d/**",
            "/etc/ssh/ssh_host_*", "/private/etc/master.passwd", "/proc/**", "/run/secrets/**",
            "/var/run/secrets/**",
        ]

    /// Whether a place is among the ``sensitivePaths``, wherever the folder that its path starts from may be.
    ///
    /// For tools that come upon files that no argument names: what was judged is the folder alone.
    public static func isSensitive(_ path: String) -> Bool { Path(Path.parts(path)).isSensitive([]) }

    static let sensitivePatterns = sensitivePaths.map { pattern in PathPattern(pattern) }
}
