import PipelineCore

extension Gateway {
    /// A result as it may be recorded: without secrets, with calls in one form, within the limits.
    func kept(_ result: Run.Result, of subRunner: SubRunner, _ redactor: Redactor?) async -> Run.Result {
        // The engine refuses it, and nothing here may follow it down.
        guard !result.isTooDeep else { return result }
        var kept = redactor?.redacted(result) ?? result
        // Calls are what strategies ask for; nobody else can ask for anything.
        if case .strategy = subRunner { kept.calls = normalized(kept.calls) } else { kept.calls = [] }
        for (index, artifact) in kept.artifacts.enumerated() {
            kept.artifacts[index] = await self.kept(artifact)
        }
        return kept.truncated(to: limits.output)
    }

    /// A failure as it may be recorded: without secrets, its text and its details no longer than an output.
    func kept(_ failure: Run.Failure, _ redactor: Redactor?) -> Run.Failure {
        let shallow = failure.withoutDeepDetails
        let clean = redactor?.redacted(shallow) ?? shallow
        let isTooLong = clean.details != .null && clean.details.canonicalBytes.count > limits.output
        return Run.Failure(
            clean.category, cut(clean.message), isRetryable: clean.isRetryable, code: cut(clean.code),
            details: isTooLong ? .null : clean.details, retryAfter: clean.retryAfter, usage: clean.usage)
    }

    private func cut(_ text: String) -> String {
        Run.Result(output: .string(text)).truncated(to: limits.output).output.stringValue ?? ""
    }

    /// A small artifact as it is, and a larger one handed to the artifact store.
    private func kept(_ artifact: Run.Artifact) async -> Run.Artifact {
        guard let content = artifact.content, content.count > limits.inlineArtifact else { return artifact }
        do throws(ArtifactError) {
            _ = try await artifacts.store(content)
            return artifact.reference
        } catch {
            return artifact.lost("\(error)")
        }
    }
}
