package import PipelineCore

/// The secrets that arguments name: the object `{"$secret": "NAME"}`, anywhere in them, stands for the text of a secret.
package struct SecretReferences: Sendable {
    /// In the order in which they first occur, each once.
    package let names: [String]
    /// The arguments with a label where a secret will be: a text, as the secret is.
    package let labeled: JSON
    private let json: JSON

    /// - Throws: a `validation` failure with the place of a reference that is none.
    package init(in json: JSON) throws(Run.Failure) {
        var names: [String] = []
        var seen: Set<Key> = []
        labeled = try SecretReferences.replacing(json, at: "") { name, _ throws(Run.Failure) in
            if seen.insert(Key(name)).inserted { names.append(name) }
            return .string("\(Secret(name: name, value: ""))")
        }
        self.names = names
        self.json = json
    }

    /// The arguments with the secrets in place of their names.
    ///
    /// - Throws: a `config` failure with the name of one that is not given.
    package func filled(with secrets: [Secret]) throws(Run.Failure) -> JSON {
        guard !names.isEmpty else { return json }
        let values = Dictionary(secrets.map { secret in (Key(secret.name), secret.value) }) { _, later in
            later
        }
        return try SecretReferences.replacing(json, at: "") { name, pointer throws(Run.Failure) in
            guard let value = values[Key(name)] else { throw .unknownSecret(name, at: pointer) }
            return .string(value)
        }
    }

    /// The secrets that are named, with their values.
    ///
    /// - Throws: a `config` failure with the name of one that the store does not know.
    package func resolved(by store: any SecretStore) async throws(Run.Failure) -> [Secret] {
        var secrets: [Secret] = []
        for name in names {
            let value: String?
            do {
                value = try await store.secret(name)
            } catch let failure as Run.Failure {
                throw failure
            } catch is CancellationError {
                throw Run.Failure(.canceled, "Canceled while secrets were fetched.")
            } catch {
                throw Run.Failure(
                    .unknown, "The store of secrets failed to give \"\(name)\" (\(type(of: error))).")
            }
            guard let value else { throw .unknownSecret(name) }
            secrets.append(Secret(name: name, value: value))
        }
        return secrets
    }

    /// The value with each reference replaced.
    ///
    /// - Parameter replace: gives what takes the place of a name, told where it stands.
    private static func replacing(
        _ json: JSON, at pointer: String, by replace: (String, String) throws(Run.Failure) -> JSON
    ) throws(Run.Failure) -> JSON {
        switch json {
        case .null, .bool, .integer, .number, .string: return json
        case .array(let items):
            var replaced: [JSON] = []
            replaced.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                replaced.append(try replacing(item, at: "\(pointer)/\(index)", by: replace))
            }
            return .array(replaced)
        case .object(let members):
            if let reference = members[marker] {
                guard members.count == 1 else {
                    throw .malformedReference("has other members besides", pointer)
                }
                guard case .string(let name) = reference else {
                    throw .malformedReference("has no text as the name in", pointer)
                }
                return try replace(name, pointer)
            }
            var replaced: [JSON.Object.Member] = []
            replaced.reserveCapacity(members.count)
            for member in members {
                let place = "\(pointer)/\(member.key.text.escapedForPointer)"
                let value = try replacing(member.value, at: place, by: replace)
                replaced.append(JSON.Object.Member(key: member.key, value: value))
            }
            return .object(JSON.Object(members: replaced))
        }
    }

    /// The member by which a reference is known.
    fileprivate static let marker = "$secret"
}

extension Run.Failure {
    fileprivate static func malformedReference(_ what: String, _ pointer: String) -> Run.Failure {
        Run.Failure(
            .validation,
            "The object at \"\(pointer)\" of the arguments \(what) \"\(SecretReferences.marker)\"; "
                + "a secret is named by {\"\(SecretReferences.marker)\": \"NAME\"} and nothing else.",
            code: "secretReference", details: ["pointer": .string(pointer)])
    }

    fileprivate static func unknownSecret(_ name: String, at pointer: String? = nil) -> Run.Failure {
        let place = pointer.map { pointer in ", named at \"\(pointer)\" of the arguments" } ?? ""
        return Run.Failure(
            .config, "There is no secret \"\(name)\"\(place); give it to the gateway's store of secrets.",
            code: "secretUnknown", details: ["secret": .string(name)])
    }
}

extension String {
    /// The text as one part of a JSON Pointer (RFC 6901).
    fileprivate var escapedForPointer: String {
        var escaped = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
