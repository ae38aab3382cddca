extension Template.Rule: JSONRepresentable {
    public var json: JSON {
        switch self {
        case .schema(let schema): .object(["schema": schema.json])
        case .sections(let names): .object(["sections": names.json])
        case .depth(let most): .object(["depth": most.json])
        case .alternatives(let least): .object(["alternatives": least.json])
        case .tradeoffs(let step, let criteria):
            .object(["tradeoffs": .object(["of": step.json, "by": criteria.json])])
        case .recommends(let step): .object(["recommends": step.json])
        case .outcome(let schema): .object(["outcome": schema.json])
        }
    }

    public init(json: JSON) throws(JSON.FormatError) {
        guard let object = json.objectValue, let member = object.first, object.count == 1 else {
            throw JSON.FormatError("a rule is an object with one member")
        }
        let members = try JSON.Members(json)
        switch member.key.text {
        case "schema": self = .schema(try members.value("schema"))
        case "sections": self = .sections(try members.value("sections"))
        case "depth": self = .depth(try members.value("depth"))
        case "alternatives": self = .alternatives(atLeast: try members.value("alternatives"))
        case "tradeoffs":
            do throws(JSON.FormatError) {
                let parts = try JSON.Members(member.value, only: ["of", "by"])
                self = .tradeoffs(of: try parts.value("of"), by: try parts.value("by"))
            } catch {
                throw error.under("tradeoffs")
            }
        case "recommends": self = .recommends(of: try members.value("recommends"))
        case "outcome": self = .outcome(try members.value("outcome"))
        default:
            throw JSON.FormatError(
                "expected schema, sections, depth, alternatives, tradeoffs, recommends or outcome")
        }
    }
}
