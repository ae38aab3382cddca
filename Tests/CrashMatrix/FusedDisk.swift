import PipelineRuntime

/// A folder of the system, with a boundary before and after everything that changes it.
struct FusedDisk: Disk {
    let disk: SystemDisk
    let fuse: Fuse

    func names() throws(FileError) -> [String] { try disk.names() }

    func open(_ name: String, _ mode: FileDescriptor.Mode) throws(FileError) -> any DiskFile {
        FusedFile(file: try disk.open(name, mode), fuse: fuse)
    }

    func rename(_ name: String, to other: String) throws(FileError) {
        fuse.pass()
        try disk.rename(name, to: other)
        fuse.pass()
    }

    func remove(_ name: String) throws(FileError) {
        fuse.pass()
        try disk.remove(name)
        fuse.pass()
    }

    func flush() throws(FileError) {
        try disk.flush()
        fuse.pass()
    }
}

/// Of what is to be written, one half is there before the other: a record can be cut off.
private struct FusedFile: DiskFile {
    let file: any DiskFile
    let fuse: Fuse

    func size() throws(FileError) -> Int { try file.size() }

    func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        try file.read(at: offset, count: count)
    }

    func write(_ bytes: [UInt8]) throws(FileError) {
        fuse.pass()
        let half = bytes.count / 2
        if half > 0 {
            try file.write(Array(bytes[..<half]))
            fuse.pass()
        }
        try file.write(Array(bytes[half...]))
        fuse.pass()
    }

    func truncate(to length: Int) throws(FileError) {
        fuse.pass()
        try file.truncate(to: length)
        fuse.pass()
    }

    func flush() throws(FileError) {
        try file.flush()
        fuse.pass()
    }
}
