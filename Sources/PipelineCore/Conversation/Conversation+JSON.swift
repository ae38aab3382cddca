extension Conversation: JSONRepresentable {
    /// The snapshot: the whole state in one object.
    public var json: JSON {
        var object = JSON.Builder()
        object.set("format", Conversation.format)
        object.set("conversation_id", id)
        object.set("active", active)
        object.set("queue", queue, unless: [])
        object.set("holder", holder)
        object.set("parked", parked, unless: [])
        object.set("finished", finished, unless: [])
        object.set("messages", messages, unless: [])
        object.set("template", template)
        object.set("cancellation", cancellation)
        object.set("seen", seen)
        return object.json
    }

    /// Stands for the whole state: equal states have equal ones, on every platform.
    public var digest: ContentDigest { ContentDigest(hashing: json.canonicalBytes) }

    /// The state with its digest, as it is kept: `{"digest": …, "state": …}`.
    public var snapshot: JSON { .object(["digest": .string(digest.description), "state": json]) }

    /// Reads a snapshot back.
    ///
    /// - Throws: a `FormatError` also when the digest is not that of the state.
    public init(snapshot: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(snapshot)
        let digest: String = try members.value("digest")
        let state: JSON = try members.value("state")
        guard ContentDigest(hex: digest) == ContentDigest(hashing: state.canonicalBytes) else {
            throw JSON.FormatError("the state is not the one that was digested", at: "/digest")
        }
        self = try members.value("state")
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        let format: Int = try members.value("format")
        guard format == Conversation.format else {
            throw JSON.FormatError(
                "format \(format) is not known; this version reads format \(Conversation.format)",
                at: "/format")
        }
        id = try members.value("conversation_id")
        active = try members.optional("active")
        let queue: [Run] = try members.value("queue", or: [])
        waiting = RequestQueue(queue.map { run in run.charter })
        holder = try members.optional("holder")
        parked = try members.value("parked", or: [])
        finished = try members.value("finished", or: [])
        messages = try members.value("messages", or: [])
        template = try members.optional("template")
        cancellation = try members.optional("cancellation")
        seen = try members.value("seen")
        guard active?.status ?? .running == .running else {
            throw JSON.FormatError("an active run is running", at: "/active/status")
        }
        guard parked.allSatisfy({ run in run.status == .interrupted }) else {
            throw JSON.FormatError("a parked run is interrupted", at: "/parked")
        }
        guard queue.allSatisfy({ run in run == Run(pending: run.charter) }) else {
            throw JSON.FormatError("a queued run is pending", at: "/queue")
        }
    }

    /// The version of the snapshot's form.
    public static let format = 1
}

extension Conversation.Summary: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("run_id", run)
        object.set("status", status)
        object.set("failure", failure)
        object.set("reason", reason)
        object.set("usage", usage, unless: Run.Usage())
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        run = try members.value("run_id")
        status = try members.value("status")
        failure = try members.optional("failure")
        reason = try members.optional("reason")
        usage = try members.value("usage", or: Run.Usage())
    }
}
