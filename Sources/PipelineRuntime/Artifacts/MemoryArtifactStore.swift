public import PipelineCore

/// Contents that live as long as the process.
public final class MemoryArtifactStore: ArtifactStore {
    private let contents = Locked<[ContentDigest: [UInt8]]>([:])

    public init() {}

    /// How many different contents there are.
    public var count: Int { contents.withLock { contents in contents.count } }

    public func store(_ bytes: [UInt8]) async throws(ArtifactError) -> ContentDigest {
        let digest = ContentDigest(hashing: bytes)
        contents.withLock { contents in contents[digest] = bytes }
        return digest
    }

    public func bytes(of digest: ContentDigest) async throws(ArtifactError) -> [UInt8]? {
        contents.withLock { contents in contents[digest] }
    }
}
