import PipelineCore

extension Policy {
    /// What an execution touches, by what its tool says of itself.
    ///
    /// A strategy touches nothing but the secrets that it is given. Asks the file system for links. A policy
    /// that is a function is given nothing.
    func resources(
        of execution: Run.Execution, declaredBy declaration: ToolDeclaration?, environment: [String] = []
    ) -> Resources {
        guard case .rules(let book) = storage else { return Resources() }
        var gathering = Gathering(root: book.root)
        if execution.kind == .strategy {
            gathering.gather(execution.arguments, touches: [])
        } else {
            gathering.gather(execution.arguments, touches: declaration?.touches)
            gathering.add(environment, from: .tool)
        }
        return gathering.resources
    }

    /// Reads a call's arguments for all that they touch, within bounds.
    struct Gathering {
        private(set) var resources = Resources()
        private let resolver: PathResolver
        private static let mostThings = 4_096
        private static let mostLevels = 128

        init(root: String?) {
            resolver = PathResolver(root: root)
            resources.roots = resolver.roots
        }

        mutating func gather(_ arguments: JSON, touches places: [ToolDeclaration.Place]?) {
            walk(arguments, at: "", level: 0, guesses: places == nil)
            for place in places ?? [] {
                let folder = folder(of: place, in: arguments)
                for (pointer, value) in place.values(in: arguments) {
                    take(value, place.kind, at: pointer, in: folder)
                }
            }
        }

        mutating func add(_ names: [String], from source: Variable.Source) {
            for name in names where hasRoom() {
                let name = name.utf8.prefix { byte in byte != UInt8(ascii: "=") }
                resources.variables.append(Variable(name: String(Substring(name)), source: source))
            }
        }
    }
}

extension Policy.Gathering {
    /// Finds secrets everywhere, and where the tool says nothing takes every text for a path and maybe a URL.
    private mutating func walk(_ value: JSON, at pointer: String, level: Int, guesses: Bool) {
        guard level <= Self.mostLevels else { return refuse("its arguments are nested too deep") }
        switch value {
        case .null, .bool, .integer, .number: break
        case .string(let text): if guesses { guess(text, at: pointer) }
        case .array(let items):
            for (index, item) in items.enumerated() {
                walk(item, at: "\(pointer)/\(index)", level: level + 1, guesses: guesses)
            }
        case .object(let members):
            if let secret = members["$secret"] {
                guard members.count == 1, let name = secret.stringValue else {
                    return refuse("at \(pointer.excerpt) is no secret: write {\"$secret\": \"NAME\"}")
                }
                if hasRoom() { resources.secrets.append(name) }
                return
            }
            for member in members {
                let inner = pointer.appending(member: member.key.text)
                if guesses { guess(member.key.text, at: inner) }
                walk(member.value, at: inner, level: level + 1, guesses: guesses)
            }
        }
    }

    private mutating func guess(_ text: String, at pointer: String) {
        guard !text.isEmpty else { return }
        add(path: text, .guessed, at: pointer)
        if Policy.Address.isLikely(text) { add(address: text, .guessed) }
    }

    /// The folder that a command runs in, itself a touched path.
    private mutating func folder(of place: ToolDeclaration.Place, in arguments: JSON) -> String {
        var folder = ""
        for (pointer, value) in place.directories(in: arguments) {
            guard let text = value.stringValue, folder.isEmpty else {
                refuse("at \(pointer.excerpt) is no folder")
                continue
            }
            add(path: text, .word, at: pointer)
            folder = text
        }
        return folder
    }

    private mutating func take(
        _ value: JSON, _ kind: ToolDeclaration.Place.Kind, at pointer: String, in folder: String
    ) {
        switch (kind, value) {
        case (.path, .string(let text)): add(path: text, .declared, at: pointer)
        case (.url, .string(let text)): add(address: text, .declared)
        case (.command, .array(let items)):
            add(command: items.map { item in item.stringValue }, at: pointer, in: folder)
        case (.environment, .string(let name)): add([name], from: .arguments)
        case (.environment, .object(let members)):
            add(members.map { member in member.key.text }, from: .arguments)
        case (.environment, .array(let items)):
            let names = items.compactMap { item in item.stringValue }
            guard names.count == items.count else { fallthrough }
            add(names, from: .arguments)
        default: refuse("at \(pointer.excerpt) is no \(kind.rawValue)")
        }
    }

    private mutating func add(command words: [String?], at pointer: String, in folder: String) {
        let known = words.compactMap { word in word }
        guard known.count == words.count, let program = known.first, !program.isEmpty,
            !known.contains(where: { word in word.utf8.contains(0) })
        else { return refuse("at \(pointer.excerpt) is no command: a program and its arguments, all texts") }
        guard hasRoom() else { return }
        resources.commands.append(Policy.TouchedCommand(words: known))
        for (index, word) in known.enumerated().dropFirst() {
            let parts = Policy.WordParts(of: word)
            for path in parts.paths { add(path: path, .word, at: "\(pointer)/\(index)", in: folder) }
            for address in parts.addresses { add(address: address, .word) }
            if let variable = parts.variable { add([variable], from: .word) }
        }
    }

    private mutating func add(
        path text: String, _ origin: Policy.Origin, at pointer: String, in folder: String = ""
    ) {
        guard hasRoom() else { return }
        let reading = resolver.read(text, from: folder)
        resources.paths.append(
            Policy.TouchedPath(pointer: pointer, text: text, origin: origin, reading: reading))
    }

    private mutating func add(address text: String, _ origin: Policy.Origin) {
        guard hasRoom() else { return }
        resources.addresses.append(
            Policy.TouchedAddress(text: text, origin: origin, address: Policy.Address(text)))
    }

    /// Whether one thing more can be judged; says so once when not.
    private mutating func hasRoom() -> Bool {
        let count =
            resources.paths.count + resources.addresses.count + resources.commands.count
            + resources.variables.count + resources.secrets.count
        if count >= Self.mostThings { refuse("it touches more than \(Self.mostThings) things") }
        return count < Self.mostThings
    }

    private mutating func refuse(_ reason: String) {
        guard resources.obstacles.count < 8 else { return }
        resources.obstacles.append(reason)
    }
}
