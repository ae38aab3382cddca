import PipelineCore

/// The arguments of a call, read strictly: what is missing, wrong or unknown is a `validation` failure with
/// its place.
struct ToolArguments {
    private let members: JSON.Members

    /// - Parameter known: the names that the tool declares.
    init(_ json: JSON, known: Set<String>) throws(Run.Failure) {
        do throws(JSON.FormatError) {
            members = try JSON.Members(json)
        } catch {
            throw ToolArguments.failure("\(error)")
        }
        for member in json.objectValue ?? [:] where !known.contains(member.key.text) {
            throw ToolArguments.failure("/\(member.key): no such argument")
        }
    }

    func value<Value: JSONRepresentable>(_ key: String) throws(Run.Failure) -> Value {
        do throws(JSON.FormatError) { return try members.value(key) } catch { throw Self.failure("\(error)") }
    }

    func value<Value: JSONRepresentable>(_ key: String, or fallback: Value) throws(Run.Failure) -> Value {
        do throws(JSON.FormatError) {
            return try members.value(key, or: fallback)
        } catch {
            throw Self.failure("\(error)")
        }
    }

    func optional<Value: JSONRepresentable>(_ key: String) throws(Run.Failure) -> Value? {
        do throws(JSON.FormatError) { return try members.optional(key) } catch {
            throw Self.failure("\(error)")
        }
    }

    private static func failure(_ reason: String) -> Run.Failure {
        Run.Failure(.validation, "The arguments do not fit: \(reason).")
    }
}

extension JSON {
    /// The schema of an object with these members.
    static func schema(_ properties: JSON.Object, required: [String]) -> JSON {
        [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
            "required": .array(required.map { name in .string(name) }),
        ]
    }

    static func text(_ description: String) -> JSON {
        ["type": "string", "description": .string(description)]
    }
}
