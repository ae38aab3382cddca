extension Schema.Assertion {
    /// What was expected and what was found; nil if the value is as it should be, or of a kind this is not about.
    func complaint(about value: JSON) -> String? {
        switch self {
        case .type(let kinds):
            kinds.holds(value) ? nil : "expected \(kinds.phrase), found \(Schema.excerpt(of: value))"
        case .enumeration(let enumeration):
            enumeration.complaint(about: value)
        case .constant(let constant):
            value == constant
                ? nil : "expected \(Schema.quotation(of: constant)), found \(Schema.excerpt(of: value))"
        case .bound(let bound):
            bound.complaint(about: value)
        case .multiple(let divisor, let json):
            Schema.Numeral(value).map(divisor.divides) ?? true
                ? nil
                : "expected a multiple of \(Schema.excerpt(of: json)), found \(Schema.excerpt(of: value))"
        case .extent(let extent):
            extent.complaint(about: value)
        case .required(let key):
            value.objectValue.map { members in members[key.text] == nil } ?? false
                ? "expected a member \(Schema.quotation(of: .string(key.text))), found none" : nil
        }
    }
}

extension Schema.Assertion.Enumeration {
    init(_ values: [JSON]) {
        self.values = values
        set = Set(values)
        var depth = 0
        while values.contains(where: { value in value.isDeeper(than: depth) }) { depth += 1 }
        self.depth = depth
    }

    fileprivate func complaint(about value: JSON) -> String? {
        if !value.isDeeper(than: depth), set.contains(value) { return nil }
        let expected = Schema.list(values.map(Schema.quotation(of:)))
        return "expected \(values.count == 1 ? "" : "one of ")\(expected), found \(Schema.excerpt(of: value))"
    }
}

extension Schema.Assertion.Bound {
    fileprivate func complaint(about value: JSON) -> String? {
        guard let order = order(of: value) else { return nil }
        let words: String? =
            switch side {
            case .atLeast: order >= 0 ? nil : "at least"
            case .moreThan: order > 0 ? nil : "more than"
            case .atMost: order <= 0 ? nil : "at most"
            case .lessThan: order < 0 ? nil : "less than"
            }
        return words.map { words in
            "expected \(words) \(Schema.excerpt(of: limit)), found \(Schema.excerpt(of: value))"
        }
    }

    /// Negative below the limit, positive above it, zero at it; nil for what is no number.
    private func order(of value: JSON) -> Int? {
        if case .integer(let value) = value, case .integer(let limit) = limit {
            return value < limit ? -1 : value > limit ? 1 : 0
        }
        guard let value = Schema.Numeral(value) else { return nil }
        return value < numeral ? -1 : numeral < value ? 1 : 0
    }
}

extension Schema.Assertion.Extent {
    fileprivate func complaint(about value: JSON) -> String? {
        guard let size = measure.size(of: value) else { return nil }
        let words: String? =
            switch side {
            case .atLeast: size >= limit ? nil : "at least"
            case .atMost: size <= limit ? nil : "at most"
            }
        return words.map { words in
            "expected \(words) \(Schema.counted(limit, measure.word)), found \(size)"
        }
    }
}

extension Schema.Assertion.Extent.Measure {
    /// Nil for a value that this does not measure.
    fileprivate func size(of value: JSON) -> Int? {
        switch self {
        case .characters: value.stringValue?.unicodeScalars.count
        case .items: value.arrayValue?.count
        case .members: value.objectValue?.count
        }
    }

    fileprivate var word: String {
        switch self {
        case .characters: "character"
        case .items: "item"
        case .members: "member"
        }
    }
}
