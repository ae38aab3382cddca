public import PipelineCore

/// Contents in a folder, each a file named by its digest: `ab/cdef…`, the first two hexadecimal digits a folder.
///
/// A content is written under a name of its own, `new-…`, and gets its place when it is on the medium, so that no file
/// in place is ever a part of one. Several stores, of several processes too, may use one folder.
public struct FileArtifactStore: ArtifactStore {
    public let folder: String

    /// Opens the store; missing folders are made, and what a crash left half written is removed.
    public init(folder: String) throws(ArtifactError) {
        self.folder = folder
        do throws(FileError) {
            try makeFolders(folder)
            try UnplacedFile.removeAbandoned(in: folder)
        } catch {
            throw ArtifactError(error)
        }
    }

    @concurrent
    public func store(_ bytes: [UInt8]) async throws(ArtifactError) -> ContentDigest {
        let digest = ContentDigest(hashing: bytes)
        // A damaged one is written again.
        let isKept = (try? content(of: digest)) != nil
        do throws(FileError) {
            try makeFolders(shelf(of: digest))
            if !isKept { try UnplacedFile.place(bytes, at: path(of: digest), writtenIn: folder) }
            // Another store may have put it there a moment ago: its name must last, too, before anybody hears of it.
            try FileDescriptor(opening: shelf(of: digest), .folder).flush()
            try FileDescriptor(opening: folder, .folder).flush()
        } catch {
            throw ArtifactError(error)
        }
        return digest
    }

    @concurrent
    public func bytes(of digest: ContentDigest) async throws(ArtifactError) -> [UInt8]? {
        try content(of: digest)
    }

    private func path(of digest: ContentDigest) -> String {
        "\(shelf(of: digest))/\(digest.description.dropFirst(2))"
    }

    private func shelf(of digest: ContentDigest) -> String { "\(folder)/\(digest.description.prefix(2))" }

    private func content(of digest: ContentDigest) throws(ArtifactError) -> [UInt8]? {
        let path = path(of: digest)
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try FileDescriptor(opening: path, .reading).readAll()
        } catch {
            if error.isMissing { return nil }
            throw ArtifactError(error)
        }
        guard ContentDigest(hashing: bytes) == digest else { throw ArtifactError(path, .damaged) }
        return bytes
    }
}
