import PipelineCore

/// The form that the arguments of a call must have.
struct ArgumentForm: Sendable {
    private let name: String
    private let form: Result<Schema, Schema.Invalid>

    init(_ declaration: ToolDeclaration) {
        name = declaration.name
        do throws(Schema.Invalid) {
            form = .success(try Schema(declaration.arguments))
        } catch {
            form = .failure(error)
        }
    }

    /// Why no call can be checked; nil where the schema is one.
    var problem: String? {
        if case .failure(let error) = form { "\(name): \(error)" } else { nil }
    }

    /// Why a call with these arguments is not made; nil when they have the form.
    func refusal(of arguments: JSON) -> Run.Failure? {
        switch form {
        case .success(let schema):
            let problems = schema.problems(of: arguments, limit: 8)
            guard !problems.isEmpty else { return nil }
            let list = problems.map { problem in problem.description }.joined(separator: "; ")
            return Run.Failure(.validation, "The arguments do not fit: \(list).")
        case .failure(let error):
            return Run.Failure(.config, "\(name) cannot be called. \(error)")
        }
    }
}

/// Something that can be called, with the form of its arguments.
struct Registered<Runner: Sendable>: Sendable {
    let runner: Runner
    let form: ArgumentForm

    init(_ runner: Runner, _ declaration: ToolDeclaration) {
        self.runner = runner
        form = ArgumentForm(declaration)
    }

    var problem: String? { form.problem }
}
