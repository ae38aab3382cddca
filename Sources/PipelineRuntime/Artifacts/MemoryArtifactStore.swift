public import PipelineCore
import Synchronization

/// Artifacts that last as long as the process.
public final class MemoryArtifactStore: ArtifactStore {
    private let kept = Mutex<[ContentDigest: [UInt8]]>([:])

    public init() {}

    public func store(_ bytes: [UInt8]) async throws(ArtifactError) -> ContentDigest {
        let digest = ContentDigest(hashing: bytes)
        kept.withLock { kept in kept[digest] = bytes }
        return digest
    }

    public func bytes(of digest: ContentDigest) async throws(ArtifactError) -> [UInt8]? {
        kept.withLock { kept in kept[digest] }
    }
}
