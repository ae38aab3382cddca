public import PipelineCore

extension Conversation {
    /// The same conversation, read back from the bytes of its snapshot, as another process would find it.
    ///
    ///     conversation = try conversation.restored()
    ///
    /// - Throws: when the snapshot cannot be read back, when what is read differs, or when it has another snapshot.
    public func restored() throws(RestoringError) -> Conversation {
        let bytes = snapshot.canonicalBytes
        let restored: Conversation
        do {
            restored = try Conversation(snapshot: try JSON(parsing: bytes))
        } catch {
            throw RestoringError(conversation: id, reason: "its snapshot cannot be read back: \(error)")
        }
        guard restored.snapshot.canonicalBytes == bytes else {
            let members = json.differences(from: restored.json).joined(separator: ", ")
            throw RestoringError(conversation: id, reason: "what is read back differs in \(members)")
        }
        guard restored == self else {
            throw RestoringError(conversation: id, reason: "its snapshot leaves out a part of its state")
        }
        return restored
    }
}

/// A conversation that its snapshot does not preserve.
public struct RestoringError: Error, Hashable, Sendable, CustomStringConvertible {
    public let conversation: Conversation.ID
    public let reason: String

    public var description: String {
        "Conversation \(conversation) does not survive its snapshot: \(reason)."
    }
}

extension JSON {
    /// The members that are not the same in the other value, one level below the top: `active/spent`.
    func differences(from other: JSON, depth: Int = 2) -> [String] {
        guard depth > 0, let mine = objectValue, let others = other.objectValue else { return [] }
        var keys: [PipelineCore.Key] = mine.map { member in member.key }
        for member in others where !keys.contains(member.key) { keys.append(member.key) }
        var paths: [String] = []
        for key in keys.sorted() {
            let (a, b) = (mine[key.text], others[key.text])
            guard a != b else { continue }
            let inner = a.flatMap { a in b.map { b in a.differences(from: b, depth: depth - 1) } } ?? []
            if inner.isEmpty { paths.append(key.text) }
            for path in inner { paths.append("\(key.text)/\(path)") }
        }
        return paths
    }
}
