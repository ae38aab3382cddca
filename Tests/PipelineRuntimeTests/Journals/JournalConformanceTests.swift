import PipelineRuntime
import PipelineTesting
import Testing

/// Every journal of ours keeps its promises, and the kit that says so notices when one does not.
struct JournalConformanceTests {
    @Test func `the memory journal keeps its promises`() async throws {
        let kit = JournalConformance("MemoryJournal", create: { _ in MemoryJournal() })
        try await kit.run().verify()
    }

    @Test(arguments: [FileJournal.standardSegmentSize, 1, 2_000])
    func `the file journal keeps its promises, whatever the size of its files`(segmentSize: Int) async throws
    {
        let report = await JournalConformance.files(in: try ScratchFolder(), segmentSize: segmentSize).run()
        try report.verify()
        #expect(report.notTried == [.powerLoss])
    }

    @Test(arguments: [FileJournal.standardSegmentSize, 900], SimulatedDisk.Loss.allCases)
    func `the file journal keeps what it flushed when the power fails`(
        segmentSize: Int, loss: SimulatedDisk.Loss
    )
        async throws
    {
        let kit = JournalConformance.disks(segmentSize: segmentSize, loss: loss)
        let report = await kit.run([.powerLoss, .killed, .reopened, .fenced])
        try report.verify()
        #expect(report.notTried.isEmpty)
    }

    // MARK: The kit itself

    @Test func `a plain journal without a fault passes all checks`() async throws {
        let report = await JournalConformance.shelf(nil).run()
        try report.verify()
        #expect(report.notTried.isEmpty)
        #expect("\(report)".hasPrefix("a shelf: 22 passed, 0 failed, 0 not tried\n  contract     ok "))
    }

    @Test(arguments: JournalFault.allCases)
    func `each fault of a journal is found by the check that is named after it`(fault: JournalFault) async {
        let report = await JournalConformance.shelf(fault).run([fault.check])
        #expect(report.failures.map(\.check) == [fault.check], "\(report)")
        #expect(throws: JournalConformance.Nonconformance.self) { try report.verify() }
    }

    @Test func `every check has a fault that it finds`() {
        let found = Set(JournalFault.allCases.map(\.check))
        #expect(Set(JournalConformance.Check.allCases).subtracting(found) == [.abandoned])
    }

    @Test func `what is only buffered is missed when the journal is abandoned`() async {
        let report = await JournalConformance.shelf(.acknowledgesWhatItOnlyBuffers).run([.abandoned])
        #expect(report.failures.map(\.check) == [.abandoned])
    }

    @Test func `a failure shows the difference, and the table names the check`() async {
        let report = await JournalConformance.shelf(.swapsTheLastTwo).run([.order, .unknown])
        let text = "\(report)"
        #expect(text.hasPrefix("a shelf: 1 passed, 1 failed, 0 not tried\n"), "\(text)")
        #expect(text.contains("  contract     FAILED     each conversation's records come back"), "\(text)")
        #expect(text.contains("what it holds of a went otherwise (- expected, + came)."), "\(text)")
        #expect(text.contains("\n  - {\"conversation\":\"a\""), "\(text)")
    }

    @Test func `what needs more than was given is reported as not tried`() async {
        let kit = JournalConformance("MemoryJournal", create: { _ in MemoryJournal() })
        let report = await kit.run([.abandoned, .killed, .powerLoss, .held, .fenced, .damage, .reopened])
        #expect(report.notTried.count == 7 && report.failures.isEmpty)
        #expect("\(report)".contains("(no way to damage it)"))
    }
}

extension JournalConformance {
    /// Journals in memory with a fault.
    fileprivate static func shelf(_ fault: JournalFault?) -> JournalConformance {
        let shelf = Shelf()
        return JournalConformance(
            "a shelf",
            create: { name in try ShelfJournal(name, on: shelf, fault) },
            open: { name in try ShelfJournal(name, on: shelf, fault) },
            takeOver: { name in try ShelfJournal(name, on: shelf, takingOver: true, fault) },
            afterKill: { name in shelf.copy(name) { _ in } },
            afterPowerLoss: { name in
                shelf.copy(name) { store in store.entries = Array(store.entries.prefix(store.flushed)) }
            },
            damaged: { name, way in
                way < shelf.count(name) ? shelf.copy(name) { store in store.damaged = way } : nil
            })
    }

    /// Journals in folders.
    fileprivate static func files(in folder: ScratchFolder, segmentSize: Int) -> JournalConformance {
        JournalConformance(
            "FileJournal with files of \(segmentSize) bytes",
            create: { name in try FileJournal.create(at: folder[name], segmentSize: segmentSize) },
            open: { name in try FileJournal.open(at: folder[name], segmentSize: segmentSize) },
            takeOver: { name in
                try FileJournal.open(at: folder[name], takingOver: true, segmentSize: segmentSize)
            },
            afterKill: { name in
                let copy = "\(name)-left"
                try folder.copyFolder(name, to: copy)
                return copy
            },
            damaged: { name, way in
                let copy = "\(name)-\(way)"
                return try folder.damage(name, way, copy: copy) ? copy : nil
            })
    }

    /// Journals on disks that lose what was not flushed.
    fileprivate static func disks(segmentSize: Int, loss: SimulatedDisk.Loss) -> JournalConformance {
        let disks = Disks()
        let open: Opening = { name in
            try FileJournal(
                openingAt: name, on: disks[name], lock: nil, takingOver: false, segmentSize: segmentSize)
        }
        let takeOver: Opening = { name in
            try FileJournal(
                openingAt: name, on: disks[name], lock: nil, takingOver: true, segmentSize: segmentSize)
        }
        return JournalConformance(
            "FileJournal on a disk that loses \(loss)",
            create: { name in
                try FileJournal(creatingAt: name, on: disks[name], lock: nil, segmentSize: segmentSize)
            },
            open: open, takeOver: takeOver, afterKill: { name in disks.copy(name, .nothing) },
            afterPowerLoss: { name in disks.copy(name, loss) })
    }
}

/// Disks by their names, made when they are first asked for.
private final class Disks: Sendable {
    private let disks = Locked<[String: SimulatedDisk]>([:])

    subscript(_ name: String) -> SimulatedDisk {
        disks.withLock { disks in
            let disk = disks[name] ?? SimulatedDisk()
            disks[name] = disk
            return disk
        }
    }

    /// Copies what is left after a loss, and gives the name of the copy.
    func copy(_ name: String, _ loss: SimulatedDisk.Loss) -> String {
        let copy = self[name].after(loss)
        return disks.withLock { disks in
            let other = "\(name)-\(disks.count)"
            disks[other] = copy
            return other
        }
    }
}
