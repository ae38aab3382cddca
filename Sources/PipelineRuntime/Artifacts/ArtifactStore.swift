public import PipelineCore

/// Keeps contents under their digests: what executions made that is too large, or too much its own, for a record.
public protocol ArtifactStore: Sendable {
    /// Keeps a content and returns once it would survive a loss of power, where the store outlives its process.
    ///
    /// Storing the same content again changes nothing.
    func store(_ bytes: [UInt8]) async throws(ArtifactError) -> ContentDigest

    /// The content with this digest; nil where it was never stored.
    func bytes(of digest: ContentDigest) async throws(ArtifactError) -> [UInt8]?
}
