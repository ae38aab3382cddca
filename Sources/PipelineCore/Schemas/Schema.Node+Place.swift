extension [Schema.Node] {
    /// Where in the source a schema stands, or one of its members, as a JSON Pointer.
    func pointer(to index: Int, _ key: Key? = nil) -> String {
        var way: [Schema.Node.Parent] = []
        var parent = self[index].parent
        while let step = parent {
            way.append(step)
            parent = self[step.node].parent
        }
        var place = Schema.Place()
        for step in way.reversed() {
            place.enter(.key(Key(step.applicator.keyword.rawValue)))
            if let token = step.token { place.enter(token) }
        }
        if let key { place.enter(.key(key)) }
        return place.pointer
    }
}
