import CPipelineSystem

/// A thread that may block, unlike those few that Swift's tasks share.
enum Thread {
    private final class Body: Sendable {
        let work: @Sendable () -> Void
        init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }

    static func run(_ work: @escaping @Sendable () -> Void) throws {
        let body = Unmanaged.passRetained(Body(work)).toOpaque()
        let code = pipeline_thread(
            { body in Unmanaged<Body>.fromOpaque(body).takeRetainedValue().work() }, body)
        if code != 0 { Unmanaged<Body>.fromOpaque(body).release() }
        try HarnessError.check("pthread_create", code)
    }
}

/// Strings as C has lists of them: pointers that end with nil.
enum CStrings {
    static func with<Value>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Value
    ) -> Value {
        let characters = strings.flatMap { string in Array(string.utf8CString) }
        var offsets: [Int] = []
        var offset = 0
        for string in strings {
            offsets.append(offset)
            offset += string.utf8.count + 1
        }
        return characters.withUnsafeBufferPointer { characters in
            let pointers = offsets.map { offset in characters.baseAddress.map { base in base + offset } }
            return body(pointers + [nil])
        }
    }
}
