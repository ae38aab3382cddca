public import PipelineCore

/// Keeps what is too large for a record, under its digest.
public protocol ArtifactStore: Sendable {
    func store(_ bytes: [UInt8]) async throws(ArtifactError) -> ContentDigest
    func bytes(of digest: ContentDigest) async throws(ArtifactError) -> [UInt8]?
}

public struct ArtifactError: Error, Hashable, Sendable {}
