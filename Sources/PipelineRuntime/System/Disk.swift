/// A folder as a journal uses it: so that tests can put one in its place that loses and refuses.
package protocol Disk: Sendable {
    /// The names of the files in it, in no order.
    func names() throws(FileError) -> [String]
    func open(_ name: String, _ mode: FileDescriptor.Mode) throws(FileError) -> any DiskFile
    /// Takes the place of a file that has the other name.
    func rename(_ name: String, to other: String) throws(FileError)
    /// A file that is missing is removed already.
    func remove(_ name: String) throws(FileError)
    /// Returns once the names themselves would survive a loss of power.
    func flush() throws(FileError)
}

/// A file of a ``Disk``.
package protocol DiskFile: Sendable {
    func size() throws(FileError) -> Int
    /// Bytes from a place on; fewer where the file ends.
    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8]
    /// Writes all of them at the end, or throws when perhaps some are written.
    func write(_ bytes: [UInt8]) throws(FileError)
    func truncate(to length: Int) throws(FileError)
    /// Returns once everything written would survive a loss of power.
    func flush() throws(FileError)
}

extension FileDescriptor: DiskFile {}

/// A folder of the system.
package struct SystemDisk: Disk {
    package let folder: String

    package init(_ folder: String) { self.folder = folder }

    package func names() throws(FileError) -> [String] { try FileDescriptor.names(in: folder) }

    package func open(_ name: String, _ mode: FileDescriptor.Mode) throws(FileError) -> any DiskFile {
        try FileDescriptor(opening: "\(folder)/\(name)", mode)
    }

    package func rename(_ name: String, to other: String) throws(FileError) {
        try FileDescriptor.rename("\(folder)/\(name)", to: "\(folder)/\(other)")
    }

    package func remove(_ name: String) throws(FileError) { try FileDescriptor.remove("\(folder)/\(name)") }

    package func flush() throws(FileError) { try FileDescriptor(opening: folder, .folder).flush() }
}
