import PipelineCore

extension Gateway {
    /// A result as it may be recorded: without secrets, with calls in one form, within the limits.
    func kept(_ result: Run.Result, of subRunner: SubRunner, _ redactor: Redactor?) async -> Run.Result {
        // The engine refuses it, and nothing here may follow it down.
        guard !result.isTooDeep else { return result }
        var kept = redactor?.redacted(result) ?? result
        kept.calls = subRunner.makesCalls ? normalized(kept.calls) : []
        kept.artifacts = await self.kept(kept.artifacts)
        return kept.truncated(to: limits.output)
    }

    /// A failure as it may be recorded: without secrets, its text and its details no longer than an output.
    func kept(_ failure: Run.Failure, _ redactor: Redactor?) -> Run.Failure {
        let shallow = failure.withoutDeepDetails
        let clean = redactor?.redacted(shallow) ?? shallow
        let isTooLong = clean.details != .null && clean.details.canonicalBytes.count > limits.output
        return Run.Failure(
            clean.category, clean.message.cut(to: limits.output), isRetryable: clean.isRetryable,
            code: clean.code.cut(to: limits.output),
            details: isTooLong ? .null : clean.details, retryAfter: clean.retryAfter, usage: clean.usage)
    }

    /// The artifacts as long as there is room for them, and the others handed to the artifact store.
    ///
    /// Of too many the first are kept, and the last of these says how many have no place.
    private func kept(_ artifacts: [Run.Artifact]) async -> [Run.Artifact] {
        var kept: [Run.Artifact] = []
        var room = limits.inlineArtifact
        for (index, artifact) in artifacts.prefix(limits.artifacts).enumerated() {
            let short = artifact.shortened
            let left = artifacts.count - index
            if left > 1, index == limits.artifacts - 1 {
                kept.append(
                    short.lost(
                        "It is one of \(left) left out: an execution keeps \(limits.artifacts) artifacts."))
            } else if let content = short.content, content.count > room {
                kept.append(await stored(short, content))
            } else {
                room -= short.content?.count ?? 0
                kept.append(short)
            }
        }
        return kept
    }

    private func stored(_ artifact: Run.Artifact, _ content: [UInt8]) async -> Run.Artifact {
        do throws(ArtifactError) {
            _ = try await artifacts.store(content)
            return artifact.reference
        } catch {
            return artifact.lost("\(error)")
        }
    }
}

extension Run.Artifact {
    /// The same with texts that are not too long.
    fileprivate var shortened: Run.Artifact {
        let (name, kind) = (name.cut(to: Gateway.Limits.label), mediaType.cut(to: Gateway.Limits.label))
        if let content { return Run.Artifact(name: name, mediaType: kind, content: content) }
        let elsewhere = Run.Artifact(name: name, mediaType: kind, bytes: bytes, digest: digest)
        return problem.map { problem in elsewhere.lost(problem.cut(to: Gateway.Limits.label)) } ?? elsewhere
    }
}

extension String {
    /// At most so many bytes of the text, whole characters.
    func cut(to limit: Int) -> String {
        Run.Result(output: .string(self)).truncated(to: limit).output.stringValue ?? ""
    }
}
