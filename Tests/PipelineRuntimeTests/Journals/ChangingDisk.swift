import PipelineRuntime
import PipelineTesting

/// A disk that changes while somebody reads it.
final class ChangingDisk: Disk {
    private let disks: Locked<(now: SimulatedDisk, then: SimulatedDisk, opens: Int)>
    private let name: String

    /// - Parameter number: the opening of the file of this name that finds the other disk.
    init(_ now: SimulatedDisk, until number: Int, opening name: String, then: SimulatedDisk) {
        disks = Locked((now, then, number))
        self.name = name
    }

    private var now: SimulatedDisk { disks.withLock { disks in disks.now } }

    func open(_ name: String, _ mode: FileDescriptor.Mode) throws(FileError) -> any DiskFile {
        disks.withLock { disks in
            guard name == self.name else { return }
            disks.opens -= 1
            if disks.opens == 0 { disks.now = disks.then }
        }
        return try now.open(name, mode)
    }

    func names() throws(FileError) -> [String] { try now.names() }
    func rename(_ name: String, to other: String) throws(FileError) { try now.rename(name, to: other) }
    func remove(_ name: String) throws(FileError) { try now.remove(name) }
    func flush() throws(FileError) { try now.flush() }
}
