extension Workspace {
    /// A path below the root, judged by its text alone before anything is opened.
    ///
    /// Empty names and `.` are left out: `./a//b` is `a/b`. One of them at the end asks for a folder.
    struct Path {
        /// The path as it was given.
        let given: String
        /// The names in it, none for the root.
        let names: [FileName]
        /// Whether the text can only mean a folder.
        let asksForFolder: Bool

        /// The path as results show it: names with a slash between, `.` for the root.
        var text: String { names.isEmpty ? "." : names.map(\.text).joined(separator: "/") }

        init(_ given: String) throws(WorkspaceError) {
            func refusal(_ reason: WorkspaceError.Reason) -> WorkspaceError {
                WorkspaceError(path: given, reason: reason)
            }
            guard !given.isEmpty else { throw refusal(.emptyPath) }
            guard !given.utf8.contains(0) else { throw refusal(.zeroByte) }
            guard !given.unicodeScalars.contains(where: FileName.isControl) else {
                throw refusal(.controlCharacter)
            }
            guard given.utf8.first != UInt8(ascii: "/") else { throw refusal(.outside) }
            guard given.utf8.count <= Limit.path else { throw refusal(.nameTooLong(limit: Limit.path)) }
            let parts = given.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            var names: [FileName] = []
            for part in parts where !Self.means("", part) && !Self.means(".", part) {
                guard !Self.means("..", part) else { throw refusal(.outside) }
                guard part.count <= Limit.name else { throw refusal(.nameTooLong(limit: Limit.name)) }
                names.append(FileName(bytes: Array(part)))
            }
            guard names.count <= Limit.depth else { throw refusal(.tooDeep(limit: Limit.depth)) }
            self.given = given
            self.names = names
            asksForFolder = parts.last.map { Self.means("", $0) || Self.means(".", $0) } ?? true
        }

        /// Whether the bytes are exactly these: `String` would compare canonical equivalents.
        private static func means(_ name: String, _ part: Substring.UTF8View) -> Bool {
            part.elementsEqual(name.utf8)
        }

        /// The name of the file and the names of the folders that lead to it.
        func file() throws(WorkspaceError) -> (folders: ArraySlice<FileName>, name: FileName) {
            guard let name = names.last, !asksForFolder else {
                throw WorkspaceError(path: given, reason: .notAFile)
            }
            return (names.dropLast(), name)
        }
    }
}
