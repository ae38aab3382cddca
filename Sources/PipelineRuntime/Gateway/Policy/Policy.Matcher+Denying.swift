import PipelineCore

extension Policy.Matcher {
    /// What makes the rule, which denies, hold; nil when nothing does.
    func evidence(in touched: Policy.Resources) -> String? {
        guard isConditional || rule.environment != nil || !rule.secrets.isEmpty else { return "" }
        if let obstacle = touched.obstacles.first { return "It cannot be judged: \(obstacle)." }
        if let path = touched.paths.first(where: { path in forbids(path, below: touched.roots) }) {
            return "It touches \(path.words)."
        }
        if let address = touched.addresses.first(where: forbids) { return "It touches \(address)." }
        if let command = touched.commands.first(where: forbids) { return "It runs \(command)." }
        if let variable = touched.variables.first(where: forbids) {
            return "It sets the environment variable \(variable.name.excerpt)."
        }
        let secret = touched.secrets.first { secret in
            rule.secrets.contains { pattern in secret.matches(wildcard: pattern) }
        }
        return secret.map { secret in "It uses the secret \(secret.excerpt)." }
    }

    private func forbids(_ path: Policy.TouchedPath, below roots: [Policy.Path]) -> Bool {
        guard let paths else { return false }
        return !path.isPlaced
            || path.places.contains { place in
                paths.contains { pattern in pattern.matches(place, below: roots, exactly: false) }
            }
    }

    private func forbids(_ touched: Policy.TouchedAddress) -> Bool {
        guard rule.hosts != nil || rule.schemes != nil else { return false }
        guard let address = touched.address else { return true }
        return rule.hosts?.contains { pattern in address.host.fits(pattern) } ?? false
            || rule.schemes?.contains(address.scheme) ?? false
    }

    private func forbids(_ command: Policy.TouchedCommand) -> Bool {
        rule.commands?.contains { pattern in command.fits(pattern, exactly: false) } ?? false
    }

    private func forbids(_ variable: Policy.Variable) -> Bool {
        let name = Policy.FileName.folded(variable.name)
        return rule.environment?.contains { pattern in
            Policy.FileName.fits(name, Policy.FileName.folded(pattern))
        } ?? false
    }
}
