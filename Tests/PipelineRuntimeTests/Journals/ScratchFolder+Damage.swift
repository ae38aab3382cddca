extension ScratchFolder {
    /// Copies the files of a folder, but for the lock.
    func copyFolder(_ folder: String, to copy: String) throws {
        try makeFolder(copy)
        for name in ScratchFolder.names(in: self[folder]) where name != "lock" {
            try write(try read("\(folder)/\(name)"), to: "\(copy)/\(name)")
        }
    }

    /// Copies the folder of a journal, damaged in the way of this number: a bit that is flipped, in one byte of 37, or
    /// a file that is missing, or a full one that is cut short. False when there are no more ways.
    ///
    /// The end of the last line is left alone: without it the last record is one that was not written to its end.
    func damage(_ folder: String, _ way: Int, copy: String) throws -> Bool {
        var rest = way
        for name in ScratchFolder.names(in: self[folder]).sorted() where name.hasPrefix("journal") {
            var bytes = try read("\(folder)/\(name)")
            let flips = (bytes.count - 1) / 37
            let ways = flips + (name == "journal.jsonl" ? 1 : 2)
            guard rest >= ways else {
                try copyFolder(folder, to: copy)
                switch rest - flips {
                case 0: try remove("\(copy)/\(name)")
                case 1: try write(Array(bytes.dropLast(bytes.count / 2)), to: "\(copy)/\(name)")
                default:
                    bytes[rest * 37 + way % 37] ^= 1 << (way % 8)
                    try write(bytes, to: "\(copy)/\(name)")
                }
                return true
            }
            rest -= ways
        }
        return false
    }
}
