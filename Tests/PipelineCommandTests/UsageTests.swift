import Testing

@Suite("The words of the command line", .serialized, .timeLimit(.minutes(1)))
struct UsageTests {
    private let folder: WorkFolder

    init() throws { folder = try WorkFolder() }

    @Test(arguments: [
        ("bogus", "\"bogus\" is no subcommand"),
        ("--json", "\"--json\" is no subcommand"),
        ("run", "FOLDER is missing"),
        ("resume", "JOURNAL is missing"),
        ("cancel --reason x", "JOURNAL is missing"),
        ("approve", "JOURNAL is missing"),
        ("approve journal", "TICKET is missing"),
        ("approve journal 1 2", "\"2\" is one word too many"),
        ("approve journal 1 --message x", "--message is not an option of approve"),
        ("approve journal 1 --arguments {", "--arguments is no JSON: line 1, column 2"),
        ("approve journal 1 --arguments []", "--arguments must be a JSON object"),
        ("deny journal --message x", "TICKET is missing"),
        ("deny journal 1 --arguments {}", "--arguments is not an option of deny"),
        ("resume journal --mode coding", "--mode is not an option of resume"),
        ("run task --mode", "--mode needs a value"),
        ("show --json", "JOURNAL is missing"),
        ("run task more", "\"more\" is one word too many"),
        ("resume journal more", "\"more\" is one word too many"),
        ("cancel journal more", "\"more\" is one word too many"),
        ("show journal more", "\"more\" is one word too many"),
        ("list one two", "one folder"),
        ("run --fast task", "--fast is not an option of run"),
        ("run --rerun 1 task", "--rerun is not an option of run"),
        ("resume --journal x journal", "--journal is not an option of resume"),
        ("cancel journal -x", "-x is not an option of cancel"),
        ("interrupt --reason x", "JOURNAL is missing"),
        ("interrupt journal more", "\"more\" is one word too many"),
        ("interrupt journal --json", "--json is not an option of interrupt"),
        ("show journal --verbose=1", "--verbose is not an option of show"),
        ("list --json", "--json is not an option of list"),
        ("run task --journal", "--journal needs a value"),
        ("resume journal --skip", "--skip needs a value"),
        ("resume journal --rerun x", "\"x\" is not the number of a step"),
        ("resume journal --skip 0", "\"0\" is not the number of a step"),
        ("resume journal --skip=-1", "\"-1\" is not the number of a step"),
        ("resume journal --rerun 99999999999999999999", "is not the number of a step"),
        ("resume journal --rerun 1 --skip 1", "Step 1 is named twice"),
        ("replay --to 1", "JOURNAL is missing"),
        ("replay journal --to", "--to needs a value"),
        ("replay journal --to 0", "\"0\" is not the number of a record"),
        ("replay journal --at 1", "--at is not an option of replay"),
        ("verify journal more", "\"more\" is one word too many"),
        ("diff journal", "B is missing"),
        ("diff a b c", "\"c\" is one word too many"),
        ("fork journal", "--at is missing"),
        ("fork journal --at x", "\"x\" is not the number of a record"),
        ("compact", "JOURNAL is missing"),
        ("compact journal --json", "--json is not an option of compact"),
        ("plan-upgrade --template coding", "JOURNAL is missing"),
        ("plan-upgrade journal", "--template is missing"),
        ("plan-upgrade journal --template bogus", "\"bogus\" is no mode"),
        ("show journal --conversation", "--conversation needs a value"),
    ])
    func `a wrong word is named, with where help is`(words: String, message: String) async throws {
        let ran = try await PipelineProcess(words.split(separator: " ").map { String($0) }, in: folder.path)
            .outcome()

        #expect(ran.exited(64), "\(ran)")
        #expect(ran.says("pipeline: ", message, "pipeline help"), "\(ran)")
        #expect(ran.output == [])
        #expect(!folder.exists(".pipeline"))
    }

    @Test func `no word at all gives the overview on standard error`() async throws {
        let ran = try await folder.pipeline()
        #expect(ran.exited(64))
        #expect(
            ran.says(
                "Usage: pipeline SUBCOMMAND", "run", "resume", "approve", "deny", "cancel", "show", "list",
                "Exit codes"))
        #expect(ran.output == [])
    }

    @Test(arguments: [
        ("run", "FOLDER", ["--mode MODE", "--journal PATH", "--json"]),
        ("approve", "JOURNAL", ["--arguments JSON"]),
        ("deny", "JOURNAL", ["--message TEXT"]),
        ("resume", "JOURNAL", ["--rerun STEP", "--skip STEP", "--json"]),
        ("cancel", "JOURNAL", ["--reason TEXT"]),
        ("interrupt", "JOURNAL", ["--reason TEXT"]),
        ("show", "JOURNAL", ["--follow", "--json"]),
        ("list", "FOLDER", []),
        ("replay", "JOURNAL", ["--to N", "--conversation ID", "--json"]),
        ("verify", "JOURNAL", ["--conversation ID"]),
        ("diff", "A", ["--conversation ID"]),
        ("fork", "JOURNAL", ["--at N", "--journal PATH", "--conversation ID"]),
        ("compact", "JOURNAL", []),
        ("plan-upgrade", "JOURNAL", ["--template FILE"]),
    ])
    func `help of a subcommand names what it takes`(word: String, operand: String, flags: [String])
        async throws
    {
        let helped = try await folder.pipeline("help", word)
        #expect(helped.exited(0))
        #expect(helped.errors == [])
        let text = helped.output.joined(separator: "\n")
        #expect(text.contains("Usage: pipeline \(word)"))
        for part in [operand] + flags {
            #expect(helped.output.contains { line in line.drop { $0 == " " }.hasPrefix(part) }, "\(part)")
        }
        for words in [[word, "--help"], [word, "-h"], [word, "what", "--ever", "--help"]] {
            let other = try await PipelineProcess(words, in: folder.path).outcome()
            #expect(other.exited(0), "\(words)")
            #expect(other.output == helped.output, "\(words)")
        }
    }

    @Test(arguments: ["help", "--help", "-h"])
    func `help alone gives the overview and the exit codes`(word: String) async throws {
        let helped = try await folder.pipeline(word)
        #expect(helped.exited(0))
        let text = helped.output.joined(separator: "\n")
        for part in ["0 completed", "1 failed", "2 canceled", "3 interrupted", "64", "65", "73", "75"] {
            #expect(text.contains(part))
        }
        for command in [
            "run", "resume", "interrupt", "approve", "deny", "cancel", "show", "list", "replay", "verify",
            "diff", "fork", "compact", "plan-upgrade",
        ] {
            #expect(helped.output.contains { line in line.hasPrefix("  \(command) ") })
        }
    }

    @Test(arguments: [
        ["resume"], ["cancel"], ["interrupt"], ["show"], ["show", "--follow"], ["approve", "1"],
        ["deny", "1"], ["replay"], ["verify"], ["diff", "other"], ["fork", "--at", "1"], ["compact"],
    ])
    func `a journal that is missing is named`(words: [String]) async throws {
        let all = words.prefix(1) + ["nowhere/journal"] + words.dropFirst()
        let ran = try await PipelineProcess(Array(all), in: folder.path).outcome()
        #expect(ran.exited(65), "\(ran)")
        #expect(ran.says("There is no journal at nowhere/journal"))
        #expect(!folder.exists("nowhere"))
    }

    @Test func `a folder of runs that is missing is named`() async throws {
        for words in [["list"], ["list", "nowhere"]] {
            let listed = try await PipelineProcess(words, in: folder.path).outcome()
            #expect(listed.exited(65), "\(listed)")
            #expect(listed.says("There is no folder \(words.count == 2 ? "nowhere" : ".pipeline")"))
        }
    }
}
