import PipelineCore

extension JSON {
    /// The value for a person to read: a line for each member and element, members in the order of their keys.
    func indented(by depth: Int = 0) -> String {
        let margin = String(repeating: "  ", count: depth + 1)
        let end = "\n\(margin.dropLast(2))"
        switch self {
        case .array(let elements) where !elements.isEmpty:
            let lines = elements.map { element in "\n\(margin)\(element.indented(by: depth + 1))" }
            return "[\(lines.joined(separator: ","))\(end)]"
        case .object(let members) where !members.isEmpty:
            let lines = members.map { member in
                "\n\(margin)\(JSON.string(member.key.text)): \(member.value.indented(by: depth + 1))"
            }
            return "{\(lines.joined(separator: ","))\(end)}"
        default: return description
        }
    }
}
