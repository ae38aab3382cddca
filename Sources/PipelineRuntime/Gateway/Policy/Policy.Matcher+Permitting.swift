import PipelineCore

extension Policy.Matcher {
    /// Whether the rule, which allows or asks, speaks for everything that is touched.
    func permits(_ touched: Policy.Resources) -> Bool {
        touched.obstacles.isEmpty
            && touched.paths.allSatisfy { path in permits(path, below: touched.roots) }
            && touched.addresses.allSatisfy(permits)
            && touched.commands.allSatisfy(permits)
            && touched.variables.allSatisfy(permits)
            && touched.secrets.allSatisfy { secret in
                rule.secrets.contains { pattern in secret.matches(wildcard: pattern) }
            }
            && (!isConditional || speaksFor(touched))
    }

    /// Whether something is touched that a condition of the rule is about.
    private func speaksFor(_ touched: Policy.Resources) -> Bool {
        paths != nil && !touched.paths.isEmpty
            || (rule.hosts != nil || rule.schemes != nil) && !touched.addresses.isEmpty
            || rule.commands != nil && !touched.commands.isEmpty
    }

    /// A kind without a condition is permitted where none has one; words of a command by its command.
    private func permitsUnsaid(_ origin: Policy.Origin) -> Bool {
        !isConditional || origin == .word && rule.commands != nil
    }

    private func permits(_ path: Policy.TouchedPath, below roots: [Policy.Path]) -> Bool {
        for place in path.places where place.isSensitive(roots) {
            let isListed = sensitive.contains { pattern in
                pattern.matches(place, below: roots, exactly: true)
            }
            guard isListed else { return false }
        }
        guard let paths else {
            return permitsUnsaid(path.origin) && !(path.isUnreadable && path.origin == .declared)
        }
        return path.isPlaced
            && path.places.allSatisfy { place in
                paths.contains { pattern in pattern.matches(place, below: roots, exactly: true) }
            }
    }

    private func permits(_ touched: Policy.TouchedAddress) -> Bool {
        guard rule.hosts != nil || rule.schemes != nil else {
            return permitsUnsaid(touched.origin) && (touched.address != nil || touched.origin != .declared)
        }
        guard let address = touched.address else { return false }
        return rule.hosts?.contains { pattern in address.host.fits(pattern) } ?? true
            && rule.schemes?.contains(address.scheme) ?? true
    }

    private func permits(_ command: Policy.TouchedCommand) -> Bool {
        guard let patterns = rule.commands else { return !isConditional }
        return patterns.contains { pattern in command.fits(pattern, exactly: true) }
    }

    private func permits(_ variable: Policy.Variable) -> Bool {
        guard let patterns = rule.environment else { return variable.source != .arguments }
        return patterns.contains { pattern in variable.name.matches(wildcard: pattern) }
    }
}

extension Policy.TouchedCommand {
    /// Whether each word fits its pattern, and a last `**` all words that are left.
    ///
    /// - Parameter exactly: byte by byte; otherwise case aside, and the program by its last name too.
    func fits(_ pattern: [String], exactly: Bool) -> Bool {
        let isOpen = pattern.last == "**"
        let fixed = isOpen ? pattern.dropLast() : pattern[...]
        guard isOpen ? words.count >= fixed.count : words.count == fixed.count else { return false }
        return zip(words, fixed).enumerated().allSatisfy { index, pair in
            let (word, pattern) = pair
            if exactly { return word.matches(wildcard: pattern) }
            let folded = Policy.FileName.folded(word)
            let other = Policy.FileName.folded(pattern)
            let program = folded.utf8.split(separator: UInt8(ascii: "/")).last.map { name in
                String(Substring(name))
            }
            return Policy.FileName.fits(folded, other)
                || index == 0 && program.map { name in Policy.FileName.fits(name, other) } ?? false
        }
    }
}
