import Testing

/// The folder that the other tests work in must not reach beyond itself.
struct ScratchFolderTests {
    @Test func `a folder that goes takes its links with it, and nothing that they lead to`() throws {
        let other = try ScratchFolder()
        try other.makeFolder("inner")
        try other.write([1], to: "inner/file")
        var folder: ScratchFolder? = try ScratchFolder()
        let path = folder?.path ?? ""
        try folder?.makeFolder("sub")
        try folder?.link("sub/folder", to: other["inner"])
        try folder?.link("file", to: other["inner/file"])
        try folder?.link("dangling", to: "nowhere")
        folder = nil
        #expect(!ScratchFolder.isThere(path))
        #expect(other.exists("inner/file"))
    }
}
