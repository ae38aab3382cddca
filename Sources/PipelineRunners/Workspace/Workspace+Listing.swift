extension Workspace {
    /// Lists a folder in the order of the bytes of the names, the first ones up to a limit.
    ///
    /// - Throws: ``WorkspaceError`` when the path is refused or is no folder, `tooManyEntries` beyond
    ///   ``Limit/entries``.
    public func list(_ path: String = ".", limit: Int = Limit.listed) throws(WorkspaceError) -> Listing {
        let target = try Path(path)
        let folder = try open(target.names, at: path)
        let names = try folder.names(limit: Limit.entries, at: path)
            .sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        let shown = names.prefix(max(0, limit))
        var entries: [Entry] = []
        for name in shown {
            do {
                let status = try folder.status(of: name, at: path)
                entries.append(
                    Entry(name: name.text, kind: status.kind, size: status.size, isReachable: name.isText))
            } catch {
                guard error.reason == .missing else { throw error }  // vanished meanwhile
            }
        }
        return Listing(path: target.text, entries: entries, omitted: names.count - shown.count)
    }
}
