import PipelineCore

extension Gateway {
    /// The calls of an answer in one form. One that cannot be made as the model wrote it is kept, with the reason; none is
    /// dropped.
    func normalized(_ calls: [Run.Call]) -> [Run.Call] {
        var ids: Set<Key> = []
        var normalized: [Run.Call] = []
        normalized.reserveCapacity(calls.count)
        for (index, call) in calls.enumerated() {
            var defect = tooLong(call)
            var id = call.id.cut(to: Limits.label)
            if id.isEmpty {
                id = "call_\(index + 1)"
                while ids.contains(Key(id)) { id += "_" }
                defect = defect ?? Run.Failure(.validation, "The call has no id.")
            }
            if !ids.insert(Key(id)).inserted {
                defect = defect ?? Run.Failure(.validation, "The id \(id) stands for a call before this one.")
            }
            var arguments = isTooLong(call.arguments) ? [:] : call.arguments
            do throws(Run.Failure) {
                arguments = try arguments.asArguments()
            } catch {
                defect = defect ?? error
            }
            let name = call.name.cut(to: Limits.label)
            normalized.append(self.call(Run.Call(id: id, name: name, arguments: arguments, defect: defect)))
        }
        return normalized
    }

    /// Why a call is too long to be kept as it is.
    private func tooLong(_ call: Run.Call) -> Run.Failure? {
        if isTooLong(call.arguments) {
            return Run.Failure(
                .limitExceeded, "The arguments are too long: \(limits.arguments) bytes are the most.")
        }
        guard call.id.utf8.count > Limits.label || call.name.utf8.count > Limits.label else { return nil }
        return Run.Failure(
            .limitExceeded, "The id and the name of a call may have \(Limits.label) bytes each.")
    }

    private func isTooLong(_ arguments: JSON) -> Bool {
        (arguments.stringValue?.utf8.count ?? arguments.canonicalBytes.count) > limits.arguments
    }

    /// Every call becomes a step, so there must be an end of them.
    func tooManyCalls(in result: Run.Result) -> Run.Failure {
        Run.Failure(
            .limitExceeded,
            "The answer asks for \(result.calls.count) calls; \(limits.calls) can be recorded.",
            code: Run.LimitName.callsPerAnswer.rawValue, usage: result.usage)
    }

    /// A call with what is declared of it, whatever the model says.
    func call(_ call: Run.Call) -> Run.Call {
        if call.kind == .workflow, let workflow = workflows[Key(call.name)] {
            return Run.Call(
                id: call.id, name: call.name, arguments: call.arguments,
                isIdempotent: workflow.runner.isIdempotent, defect: call.defect)
        }
        let tool = tools[Key(call.name)]?.runner
        return Run.Call(
            id: call.id, name: call.name, arguments: call.arguments,
            isIdempotent: tool?.isIdempotent(call.arguments) ?? false,
            isReadOnly: tool?.isReadOnly(call.arguments) ?? false, recovery: tool?.recovery(call.arguments),
            defect: call.defect)
    }
}

extension JSON {
    /// The object that a call's arguments are: as it is, or as its JSON text.
    fileprivate func asArguments() throws(Run.Failure) -> JSON {
        switch self {
        case .object: return self
        case .string(let text):
            let value: JSON
            do throws(JSON.ParseError) {
                value = try JSON(parsing: text)
            } catch {
                throw Run.Failure(
                    .validation,
                    "The arguments are no JSON: line \(error.line), column \(error.column): \(error.reason).")
            }
            guard case .object = value else { break }
            return value
        case .null, .bool, .integer, .number, .array: break
        }
        throw Run.Failure(.validation, "The arguments must be a JSON object.")
    }
}
