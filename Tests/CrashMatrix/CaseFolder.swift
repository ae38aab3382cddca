import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Folders that the matrix makes and removes itself: files in them, and one folder of files.
enum CaseFolder {
    /// A new one among the system's temporary files.
    static func makeRoot() throws -> String {
        var template = Array("/tmp/crash-matrix-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw MatrixError(description: "mkdtemp: error \(errno)") }
        return String(
            decoding: template.dropLast().map { character in UInt8(bitPattern: character) }, as: UTF8.self)
    }

    /// Removes what lies in it, never through a link, and then the folder.
    static func remove(_ folder: String) {
        let disk = SystemDisk(folder)
        for name in (try? disk.names()) ?? [] where (try? disk.remove(name)) == nil {
            remove("\(folder)/\(name)")
        }
        rmdir(folder)
    }
}
