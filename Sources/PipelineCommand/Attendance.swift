/// Who is there to answer what a run asks: one rule for the policy, the mode and the prompt.
///
/// | | what the policy asks | what the mode asks |
/// | --- | --- | --- |
/// | `terminal` | is asked at once | is asked at once |
/// | `later` | is denied | interrupts the run, for `approve` and `deny` |
/// | `nobody` | is denied | is denied |
///
/// What was approved before is allowed, whoever is there.
enum Attendance {
    /// A person reads and types here.
    case terminal
    /// Nobody is here, and somebody may come.
    case later
    /// `--unattended`: nobody will come. A run that began so stays so, and fails at its limits.
    case nobody

    init(unattended: Bool, json: Bool) {
        if unattended {
            self = .nobody
        } else {
            self = Console.inputIsTerminal && Console.outputIsTerminal && !json ? .terminal : .later
        }
    }
}
