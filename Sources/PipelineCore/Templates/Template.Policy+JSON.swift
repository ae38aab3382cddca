extension Template.Policy: JSONRepresentable {
    public var json: JSON {
        var object = JSON.Builder()
        object.set("maxAttempts", maxAttempts)
        object.set("backoff", backoff)
        object.set("longestBackoff", longestBackoff, unless: 30_000)
        object.set("jitter", jitter, unless: 0)
        object.set("startToClose", startToClose)
        object.set("scheduleToClose", scheduleToClose)
        object.set("scheduleToStart", scheduleToStart)
        object.set("idle", idle)
        object.set("reserve", reserve, unless: Run.Usage())
        return object.json
    }

    public init(json: JSON) throws(JSON.FormatError) {
        let members = try JSON.Members(
            json,
            only: [
                "maxAttempts", "backoff", "longestBackoff", "jitter", "startToClose", "scheduleToClose",
                "scheduleToStart", "idle", "reserve",
            ])
        self.init(
            maxAttempts: try members.value("maxAttempts", or: 1),
            backoff: try members.value("backoff", or: 100),
            longestBackoff: try members.value("longestBackoff", or: 30_000),
            jitter: try members.value("jitter", or: 0), startToClose: try members.optional("startToClose"),
            scheduleToClose: try members.optional("scheduleToClose"),
            scheduleToStart: try members.optional("scheduleToStart"), idle: try members.optional("idle"),
            reserve: try members.value("reserve", or: Run.Usage()))
    }
}
