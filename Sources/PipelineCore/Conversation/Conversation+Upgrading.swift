extension Conversation {
    /// The same with another definition in the place of the one that a run keeps, to ask what would follow.
    ///
    /// - Returns: nil where the run is not known, or stands at a step that the other definition does not have.
    package func replacingTemplate(of id: Run.ID, by template: Template) -> Conversation? {
        var copy = self
        if active?.id == id {
            guard let run = active?.replacing(template) else { return nil }
            copy.active = run
        } else if let index = parked.firstIndex(where: { run in run.id == id }) {
            guard let run = parked[index].replacing(template) else { return nil }
            copy.parked[index] = run
        } else if let index = waiting.index(of: id) {
            copy.waiting.replace(at: index, with: waiting[index].replacing(template))
        } else {
            return nil
        }
        return copy
    }
}

extension Run {
    /// The same under another definition: it stands at the step of the same name.
    fileprivate func replacing(_ template: Template) -> Run? {
        let old = self.template
        guard old.steps.indices.contains(position),
            let place = template.index(of: old.steps[position].name)
        else { return nil }
        var copy = self
        copy.charter = charter.replacing(template)
        copy.position = place
        if limits == old.limits { copy.limits = template.limits }
        copy.visits = template.steps.map { step in
            guard let index = old.index(of: step.name), visits.indices.contains(index) else { return 0 }
            return visits[index]
        }
        return copy
    }
}

extension Run.Charter {
    fileprivate func replacing(_ template: Template) -> Run.Charter {
        Run.Charter(
            id: id, template: template, isUnattended: isUnattended, operators: operators, skills: skills,
            metadata: metadata, parent: parent, cause: cause, correlation: correlation, request: request)
    }
}
