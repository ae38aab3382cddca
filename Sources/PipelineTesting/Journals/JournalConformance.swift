public import PipelineRuntime

/// Tries on a journal all that ``Journal`` asks of one: for whoever writes a backend, in a test of theirs.
///
///     let report = await JournalConformance(
///         "my journal",
///         create: { name in try MyJournal(creatingAt: folder + name) },
///         open: { name in try MyJournal(openingAt: folder + name) }
///     ).run()
///     try report.verify()
///
/// Journals are known by names that the kit makes up; each is created once. What a backend cannot do is left out, and the
/// checks that need it are reported as not tried. A journal that hangs or traps takes the kit with it.
public struct JournalConformance: Sendable {
    public typealias Opening = @Sendable (_ name: String) async throws -> any Journal
    public typealias Copying = @Sendable (_ name: String) async throws -> String

    /// What is tried, as the report calls it.
    public let subject: String
    /// Makes a journal and holds it.
    public var create: Opening
    /// Opens one that was made before, and holds it; refused while another one does.
    public var open: Opening?
    /// Opens one that another opener holds, who may write no more from then on.
    public var takeOver: Opening?
    /// Copies what a process that is killed at this moment leaves behind, and gives the name of the copy.
    public var afterKill: Copying?
    /// Copies what is left when the power fails at this moment: without anything that need not have been flushed.
    public var afterPowerLoss: Copying?
    /// Copies a closed journal, with something in it damaged in the way of this number, counted from 0; nil when there are
    /// no more ways.
    public var damaged: (@Sendable (_ name: String, _ way: Int) async throws -> String?)?

    public init(
        _ subject: String, create: @escaping Opening, open: Opening? = nil, takeOver: Opening? = nil,
        afterKill: Copying? = nil, afterPowerLoss: Copying? = nil,
        damaged: (@Sendable (_ name: String, _ way: Int) async throws -> String?)? = nil
    ) {
        self.subject = subject
        self.create = create
        self.open = open
        self.takeOver = takeOver
        self.afterKill = afterKill
        self.afterPowerLoss = afterPowerLoss
        self.damaged = damaged
    }

    /// Makes the checks one after another; each has journals of its own.
    public func run(_ checks: [Check] = Check.allCases) async -> Report {
        var report = Report(subject: subject)
        for check in checks { report.add(check, await verdict(of: check)) }
        return report
    }

    private func verdict(of check: Check) async -> Verdict {
        let trial = Trial(kit: self, check: check)
        do {
            try await trial.run()
            return .passed
        } catch let missing as Trial.Missing {
            return .notTried(missing.what)
        } catch let failure as Failure {
            return .failed(failure)
        } catch {
            return .failed(Failure(check: check, summary: "it threw: \(error)", difference: []))
        }
    }
}
