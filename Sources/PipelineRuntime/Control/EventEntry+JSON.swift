public import PipelineCore

extension EventEntry: JSONRepresentable {
    /// `sequence`, `missed` where any are, and the `event`.
    public var json: JSON {
        var object: JSON.Object = ["sequence": sequence.json, "event": event.json]
        if missed > 0 { object["missed"] = missed.json }
        return .object(object)
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(json)
        sequence = try members.value("sequence")
        missed = try members.value("missed", or: 0)
        event = try members.value("event")
    }
}
