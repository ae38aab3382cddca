import PipelineCore

/// The first line of each of a journal's files.
struct JournalHeader: Equatable {
    /// Counted from 1; files are read in this order.
    let segment: Int
    /// Who writes the file: each engine that takes the folder over from one that lives has a higher number.
    let owner: Int
    /// How many bytes of the file before count: what is behind them was written by somebody who was no longer the owner.
    let sealed: Int
    /// All files up to this number are in this one, as far as they are needed.
    let replaces: Int
    /// What the journal is a fork of; each of its files says so.
    let origin: JournalOrigin?

    static let format: Int64 = 1
    static let kind: JSON = "pipeline.journal"

    var line: [UInt8] {
        var object: JSON.Object = [
            "kind": JournalHeader.kind, "format": .integer(JournalHeader.format), "segment": segment.json,
            "owner": owner.json, "sealed": sealed.json,
        ]
        if replaces > 0 { object["replaces"] = replaces.json }
        object["fork"] = origin?.json
        object["checksum"] = .string(JournalHeader.checksum(of: object))
        return JSON.object(object).canonicalBytes + [UInt8(ascii: "\n")]
    }

    /// The first 8 bytes of the SHA-256 of everything else.
    private static func checksum(of object: JSON.Object) -> String {
        var rest = object
        rest["checksum"] = nil
        return String(ContentDigest(hashing: JSON.object(rest).canonicalBytes).description.prefix(16))
    }

    init(segment: Int, owner: Int, sealed: Int = 0, replaces: Int = 0, origin: JournalOrigin? = nil) {
        self.segment = segment
        self.owner = owner
        self.sealed = sealed
        self.replaces = replaces
        self.origin = origin
    }

    init(decoding line: ArraySlice<UInt8>) throws(JournalLine.Damage) {
        guard let json = try? JSON(parsing: Array(line)), case .object(let object) = json,
            json["kind"] == JournalHeader.kind, let format = json["format"]?.integerValue, format > 0
        else { throw .foreign }
        guard format <= JournalHeader.format else { throw .newer(Int(clamping: format)) }
        guard json["checksum"]?.stringValue == JournalHeader.checksum(of: object) else {
            throw .broken("its checksum does not match")
        }
        do throws(JSON.FormatError) {
            let members = try JSON.Members(json)
            self.init(
                segment: try members.value("segment"), owner: try members.value("owner"),
                sealed: try members.value("sealed"), replaces: try members.value("replaces", or: 0),
                origin: try members.optional("fork"))
        } catch {
            throw .foreign
        }
    }

    /// Of the next file of the same journal.
    func next(owner: Int, sealed: Int, replaces: Int = 0) -> JournalHeader {
        JournalHeader(
            segment: segment + 1, owner: owner, sealed: sealed, replaces: replaces, origin: origin)
    }

    /// How many bytes a first line has at most.
    static let mostBytes = 64 << 10

    /// The name of the file that is written to.
    static let active = "journal.jsonl"

    /// The name of a file while it is made.
    static let temporary = "journal.new"

    /// The name of a file while it is made in place of one that a process has not put into its place.
    static let substitute = "journal.next"

    /// The name of a file once it is full: eight digits, so that their order is that of the names.
    static func name(of segment: Int) -> String { "journal-\(eightDigits(segment)).jsonl" }

    static func indexName(of segment: Int) -> String { "journal-\(eightDigits(segment)).index" }

    /// The number of a full file; nil for any other.
    static func segment(named name: String) -> Int? {
        guard name.hasPrefix("journal-"), name.hasSuffix(".jsonl"),
            let number = Int(name.dropFirst("journal-".count).dropLast(".jsonl".count)),
            name == JournalHeader.name(of: number)
        else { return nil }
        return number
    }

    private static func eightDigits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits
    }
}
