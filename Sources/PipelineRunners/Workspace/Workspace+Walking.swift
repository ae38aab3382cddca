extension Workspace {
    /// Opens the root by walking to it from the root of the file system, so that no folder above it can have
    /// become a link since.
    func openRoot() throws(WorkspaceError) -> Descriptor {
        try Self.open(rootNames, making: false, below: Descriptor.systemRoot(at: root), at: root)
    }

    /// Opens the folder that these names lead to, and makes what is missing on the way if told to.
    func open(_ names: some Sequence<FileName>, making: Bool = false, at path: String)
        throws(WorkspaceError) -> Descriptor
    {
        try Self.open(names, making: making, below: openRoot(), at: path)
    }

    static func open(
        _ names: some Sequence<FileName>, making: Bool, below start: consuming Descriptor, at path: String
    ) throws(WorkspaceError) -> Descriptor {
        var folder = start
        for name in names {
            if making {
                folder = try folder.folder(making: name, at: path)
            } else {
                folder = try folder.folder(name, at: path)
            }
        }
        return folder
    }

    /// The path of an entry, given the path of its folder.
    static func path(of name: FileName, in folder: String) -> String {
        folder == "." ? name.text : folder + "/" + name.text
    }
}
