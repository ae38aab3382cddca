extension JSON.Parser {
    /// Opens a container and moves to its first part or its end.
    mutating func open(_ container: Container) throws(JSON.ParseError) {
        guard containers.count < depth else { throw error(.tooDeep(limit: depth), at: offset) }
        containers.append(container)
        offset += 1
        skipWhitespace()
    }

    /// Reads a key and its colon.
    mutating func beginMember() throws(JSON.ParseError) {
        guard let byte = current else { throw error(.unexpectedEnd, at: offset) }
        guard byte == UInt8(ascii: "\"") else { throw error(.keyExpected, at: offset) }
        let keyOffset = offset
        let key = PipelineCore.Key(try string())
        skipWhitespace()
        guard let byte = current else { throw error(.unexpectedEnd, at: offset) }
        guard byte == UInt8(ascii: ":") else { throw error(.colonExpected, at: offset) }
        offset += 1
        let innermost = containers.count - 1
        if containers[innermost].start < members.count, members[members.count - 1].key >= key {
            containers[innermost].isOrdered = false
        }
        members.append(JSON.Object.Member(key: key, value: .null))
        keyOffsets.append(keyOffset)
    }

    /// Adds a finished value to the innermost container; returns that container if it closes here.
    mutating func endPart(_ value: JSON, of container: Container) throws(JSON.ParseError) -> JSON? {
        skipWhitespace()
        guard let byte = current else { throw error(.unexpectedEnd, at: offset) }
        if container.isObject {
            members[members.count - 1].value = value
            switch byte {
            case UInt8(ascii: ","):
                offset += 1
                skipWhitespace()
                try beginMember()
                return nil
            case UInt8(ascii: "}"):
                offset += 1
                return try closeObject(container)
            default:
                throw error(.commaOrBraceExpected, at: offset)
            }
        } else {
            elements.append(value)
            switch byte {
            case UInt8(ascii: ","):
                offset += 1
                return nil
            case UInt8(ascii: "]"):
                offset += 1
                return closeArray(container)
            default:
                throw error(.commaOrBracketExpected, at: offset)
            }
        }
    }

    private mutating func closeArray(_ container: Container) -> JSON {
        let parts = Array(elements[container.start...])
        elements.removeLast(parts.count)
        containers.removeLast()
        return .array(parts)
    }

    private mutating func closeObject(_ container: Container) throws(JSON.ParseError) -> JSON {
        var parts = Array(members[container.start...])
        if !container.isOrdered {
            parts.sort { $0.key < $1.key }
            for index in parts.indices.dropFirst() where parts[index - 1].key == parts[index].key {
                throw firstDuplicate(in: container)
            }
        }
        members.removeLast(parts.count)
        keyOffsets.removeLast(parts.count)
        containers.removeLast()
        return .object(JSON.Object(sorted: parts))
    }

    private func firstDuplicate(in container: Container) -> JSON.ParseError {
        var seen: Set<PipelineCore.Key> = []
        for index in container.start..<members.count where !seen.insert(members[index].key).inserted {
            return error(.duplicateKey(members[index].key), at: keyOffsets[index])
        }
        return error(.keyExpected, at: offset)
    }
}
