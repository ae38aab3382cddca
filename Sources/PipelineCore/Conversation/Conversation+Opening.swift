extension Conversation {
    /// Opens a run for what a person wrote; its id is the signal's.
    mutating func open(
        _ request: Run.Request, _ signal: Run.Signal, into directives: inout [Run.Directive]
    ) -> Run.Disposition {
        guard !request.text.isBlank else { return .rejected(.emptyMessage) }
        guard request.text.utf8.count <= Conversation.mostBytes, request.template.isValid,
            !request.metadata.isDeeper(than: JSON.greatestPayloadDepth),
            request.metadata.canonicalBytes.count <= Conversation.mostBytes
        else { return .rejected(.payloadInvalid) }
        let id = Run.ID(key: signal.id.key)
        guard run(id) == nil, !finished.contains(where: { summary in summary.run == id }) else {
            return .duplicate
        }
        guard active == nil else { return .rejected(.busy) }
        guard parked.count < Conversation.mostParked else { return .rejected(.parkedFull) }
        add(.user(request.text))
        let event = Run.Event.Kind.message(id, .user(request.text))
        directives.append(.publish(Run.Event(kind: event, cause: signal.id, time: signal.time)))
        active = Run(id: id, request: request, cause: signal, context: messages)
        return pass(signal, to: id, into: &directives) ?? .stale
    }

    mutating func add(_ message: Run.Message) {
        messages.append(message)
        if messages.count > Conversation.mostMessages {
            messages.removeFirst(messages.count - Conversation.mostMessages)
        }
    }
}
