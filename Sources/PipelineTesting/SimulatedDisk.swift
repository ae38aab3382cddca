package import PipelineRuntime

/// A folder in memory that does what a real one may do: refuse a call, write a part of what it is given, and lose what was
/// not flushed when the power goes, in any order.
///
/// A file's bytes are safe once the file was flushed after them, a name once the folder was.
package final class SimulatedDisk: Disk {
    /// What a call does that fails.
    package struct Fault: Hashable, Sendable {
        /// The errno value.
        package let code: Int32
        /// How much of what it was to write is written, in hundredths.
        package let share: Int

        package init(_ code: Int32, share: Int = 0) {
            self.code = code
            self.share = share
        }
    }

    /// What goes when a process or the power does.
    package enum Loss: CaseIterable, Sendable {
        case nothing
        /// Everything that was not flushed, names too.
        case everything
        /// Names are there, and the first half of what was written behind the last flush.
        case halves
        /// Names are there, and zeros in place of what was written behind the last flush.
        case contents
    }

    fileprivate struct Content {
        var safe: [UInt8] = []
        var bytes: [UInt8] = []
    }

    fileprivate struct State {
        var contents: [Int: Content] = [:]
        var names: [String: Int] = [:]
        var safeNames: [String: Int] = [:]
        /// What became of names since the last flush: one entry for what one call did.
        var changes: [[(name: String, content: Int?)]] = []
        var calls: [String] = []
        var faults: [Int: Fault] = [:]
        /// From this call on every one fails.
        var end = Int.max
    }

    fileprivate let state: Locked<State>

    package init() { state = Locked(State()) }

    private init(_ first: consuming sending State) { state = Locked(first) }

    /// The calls so far, in order: `write journal.jsonl`.
    package var calls: [String] { state.withLock { state in state.calls } }

    /// Makes a call fail, counted from 0.
    package func fail(call number: Int, _ fault: Fault) {
        state.withLock { state in state.faults[number] = fault }
    }

    /// Makes this call and all after it fail: nothing changes any more.
    package func stop(at number: Int) { state.withLock { state in state.end = number } }

    /// What another process finds when this one has died: everything that was written.
    package func afterKill() -> SimulatedDisk { after(.nothing) }

    /// What is found after a loss of power that took everything that was not flushed.
    package func afterWorstPowerLoss() -> SimulatedDisk { after(.everything) }

    /// What is found after a certain loss.
    package func after(_ loss: Loss) -> SimulatedDisk {
        left(
            names: { state in loss == .everything ? state.safeNames : state.names },
            bytes: { content in content.after(loss) })
    }

    /// What is found after a loss of power: all that was flushed, and of the rest what chance has it, block by block.
    package func afterPowerLoss(_ generator: inout SeededGenerator) -> SimulatedDisk {
        var chance = generator
        defer { generator = chance }
        return left(
            names: { state in
                var names = state.safeNames
                for change in state.changes where Bool.random(using: &chance) {
                    for (name, content) in change { names[name] = content }
                }
                return names
            },
            bytes: { content in content.afterPowerLoss(&chance) })
    }

    /// A disk with these names and bytes, all of them safe. Files are asked for in the order in which they were made.
    private func left(
        names: (State) -> [String: Int], bytes: (Content) -> [UInt8]
    ) -> SimulatedDisk {
        SimulatedDisk(
            state.withLock { state in
                var left = State()
                left.names = names(state)
                left.safeNames = left.names
                for (id, content) in state.contents.sorted(by: { a, b in a.key < b.key }) {
                    let bytes = bytes(content)
                    left.contents[id] = Content(safe: bytes, bytes: bytes)
                }
                return left
            })
    }

    // MARK: Disk

    package func names() throws(FileError) -> [String] {
        try call("names", "") { state throws(FileError) in state.names.keys.sorted() }
    }

    package func open(_ name: String, _ mode: FileDescriptor.Mode) throws(FileError) -> any DiskFile {
        let content = try call("open", name) { state throws(FileError) -> Int in
            switch (state.names[name], mode) {
            case (nil, .createNew), (nil, .lock):
                let id = (state.contents.keys.max() ?? 0) + 1
                state.contents[id] = Content()
                state.names[name] = id
                state.changes.append([(name, id)])
                return id
            case (_?, .createNew): throw FileError("open", name, SimulatedDisk.exists)
            case (nil, _): throw FileError("open", name, SimulatedDisk.missing)
            case (let id?, _): return id
            }
        }
        return SimulatedFile(disk: self, content: content, name: name)
    }

    package func rename(_ name: String, to other: String) throws(FileError) {
        try call("rename", name) { state throws(FileError) in
            guard let content = state.names.removeValue(forKey: name) else {
                throw FileError("rename", name, SimulatedDisk.missing)
            }
            state.names[other] = content
            state.changes.append([(name, nil), (other, content)])
        }
    }

    package func remove(_ name: String) throws(FileError) {
        try call("unlink", name) { state throws(FileError) in
            guard state.names.removeValue(forKey: name) != nil else { return }
            state.changes.append([(name, nil)])
        }
    }

    package func flush() throws(FileError) {
        try call("flush", "") { state throws(FileError) in
            state.safeNames = state.names
            state.changes = []
        }
    }

    /// ENOENT and EEXIST, as all systems have them.
    private static let missing: Int32 = 2
    private static let exists: Int32 = 17

    fileprivate func call<Value: Sendable>(
        _ word: String, _ name: String, _ body: (inout State) throws(FileError) -> Value
    ) throws(FileError) -> Value {
        try state.withLock { state throws(FileError) in
            if let fault = state.begin(word, name) { throw FileError(word, name, fault.code) }
            return try body(&state)
        }
    }
}

extension SimulatedDisk.State {
    /// Takes note of a call, and says how it fails, if it does.
    fileprivate mutating func begin(_ word: String, _ name: String) -> SimulatedDisk.Fault? {
        defer { calls.append(name.isEmpty ? word : "\(word) \(name)") }
        return calls.count >= end ? SimulatedDisk.Fault(5) : faults[calls.count]
    }
}

extension SimulatedDisk.Content {
    fileprivate func after(_ loss: SimulatedDisk.Loss) -> [UInt8] {
        let behind = bytes.dropFirst(safe.count)
        return switch loss {
        case .nothing: bytes
        case .everything: safe
        case .halves: safe + behind.prefix(behind.count / 2)
        case .contents: safe + [UInt8](repeating: 0, count: behind.count)
        }
    }

    /// Blocks of 512 bytes that were not flushed are there or are zeros; the file may end anywhere behind what was flushed.
    fileprivate func afterPowerLoss(_ chance: inout SeededGenerator) -> [UInt8] {
        guard bytes.count > safe.count, bytes.starts(with: safe) else {
            return Bool.random(using: &chance) ? bytes : safe
        }
        var left = Array(bytes.prefix(Int.random(in: safe.count...bytes.count, using: &chance)))
        var start = safe.count
        while start < left.count {
            let end = min(left.count, (start / 512 + 1) * 512)
            if Bool.random(using: &chance) {
                for index in start..<end { left[index] = 0 }
            }
            start = end
        }
        return left
    }
}

/// A file of a ``SimulatedDisk``; it is the same file when its name is another one's.
private struct SimulatedFile: DiskFile {
    let disk: SimulatedDisk
    let content: Int
    let name: String

    func size() throws(FileError) -> Int {
        try disk.call("size", name) { state throws(FileError) in bytes(state).count }
    }

    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        try disk.call("read", name) { state throws(FileError) in
            Array(bytes(state).dropFirst(offset).prefix(count))
        }
    }

    func write(_ bytes: [UInt8]) throws(FileError) {
        try disk.state.withLock { state throws(FileError) in
            let fault = state.begin("write", name)
            let share = fault.map { fault in bytes.count * fault.share / 100 } ?? bytes.count
            state.contents[content]?.bytes += bytes.prefix(share)
            if let fault { throw FileError("write", name, fault.code) }
        }
    }

    func truncate(to length: Int) throws(FileError) {
        try disk.call("truncate", name) { state throws(FileError) in
            let rest = bytes(state).prefix(length)
            state.contents[content]?.bytes = Array(rest)
        }
    }

    func flush() throws(FileError) {
        try disk.call("flush", name) { state throws(FileError) in
            let all = bytes(state)
            state.contents[content]?.safe = all
        }
    }

    private func bytes(_ state: borrowing SimulatedDisk.State) -> [UInt8] {
        state.contents[content]?.bytes ?? []
    }
}
