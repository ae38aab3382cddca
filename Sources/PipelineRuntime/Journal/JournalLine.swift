import PipelineCore

/// A line of a journal's file: `{"checksum":"<16 hex digits>","conversation":…,"sequence":…,"record":…}`.
///
/// The checksum is the first 8 bytes of the SHA-256 of everything between its comma and the line's end. A snapshot stands
/// in the place of a record where the line holds one. The first line after a flush says where the file ended then:
/// `"flushed":<bytes>` before the conversation.
package struct JournalLine {
    package let entry: JournalEntry
    /// How many bytes of the file were flushed when the line was written, where it says so.
    let flushed: Int?

    /// What is wrong with a line, before its place is known.
    package enum Damage: Error {
        case foreign
        case newer(Int)
        case broken(String)

        func located(_ path: String, line: Int, offset: Int) -> JournalError {
            switch self {
            case .foreign: JournalError(path, .foreign)
            case .newer(let format):
                JournalError(path, .newerFormat(format, known: Int(JournalHeader.format)))
            case .broken(let what): JournalError(path, .corrupt(line: line, offset: offset, what))
            }
        }
    }
}

extension JournalLine {
    static let opening = Array("{\"checksum\":\"".utf8)
    private static let digits = 16
    /// Of the opening, the checksum and its closing quotation mark and comma.
    static let head = opening.count + digits + 2

    package static func encode(_ entry: JournalEntry, flushed: Int?, into bytes: inout [UInt8]) {
        let start = bytes.count
        bytes += opening
        bytes += [UInt8](repeating: UInt8(ascii: "0"), count: digits)
        bytes += "\",".utf8
        if let flushed { bytes += "\"flushed\":\(flushed),".utf8 }
        bytes += "\"conversation\":".utf8
        bytes += entry.conversation.json.canonicalBytes
        bytes += ",\"sequence\":\(entry.sequence),".utf8
        switch entry {
        case .record(let record):
            bytes += "\"record\":".utf8
            bytes += record.body.canonicalBytes
        case .snapshot(let snapshot):
            bytes += "\"snapshot\":".utf8
            bytes += snapshot.body.canonicalBytes
        }
        bytes += "}".utf8
        let sum = checksum(of: bytes[(start + head)...])
        bytes.replaceSubrange(start + opening.count..<start + opening.count + digits, with: sum)
        bytes.append(UInt8(ascii: "\n"))
    }

    /// - Parameter line: without its end of line.
    package init(decoding line: ArraySlice<UInt8>) throws(Damage) {
        try JournalLine.check(line)
        let json: JSON
        do throws(JSON.ParseError) {
            json = try JSON(parsing: Array(line), limits: JSON.Limits(bytes: .max))
        } catch {
            throw .broken("\(error)")
        }
        do throws(JSON.FormatError) {
            let members = try JSON.Members(
                json, only: ["checksum", "flushed", "conversation", "sequence", "record", "snapshot"])
            let conversation: Conversation.ID = try members.value("conversation")
            let sequence: Int = try members.value("sequence")
            flushed = try members.optional("flushed")
            if let body = json["snapshot"] {
                entry = .snapshot(try JournalSnapshot(body: body, conversation, sequence))
            } else {
                entry = .record(try JournalRecord(body: try members.value("record"), conversation, sequence))
            }
        } catch {
            throw .broken("\(error)")
        }
    }

    /// Whether the line is whole; what is in it is not looked at.
    static func check(_ line: ArraySlice<UInt8>) throws(Damage) {
        guard line.count > head, line.starts(with: opening), line.last == UInt8(ascii: "}"),
            line.dropFirst(opening.count + digits).starts(with: "\",".utf8)
        else { throw .broken("it is no record") }
        let sum = line.dropFirst(opening.count).prefix(digits)
        guard sum.elementsEqual(checksum(of: line.dropFirst(head))) else {
            throw .broken("its checksum does not match")
        }
    }

    private static func checksum(of bytes: ArraySlice<UInt8>) -> [UInt8] {
        var hasher = ContentHasher()
        hasher.update(bytes)
        return Array(ContentDigest(hasher).description.utf8.prefix(digits))
    }
}

extension JournalRecord {
    /// Without what a line says of every entry.
    fileprivate var body: JSON {
        guard case .object(var object) = json else { return .null }
        object["conversation"] = nil
        object["sequence"] = nil
        return .object(object)
    }

    fileprivate init(body: JSON, _ conversation: Conversation.ID, _ sequence: Int) throws(JSON.FormatError) {
        let members = try JSON.Members(body)
        self.init(
            conversation: conversation, sequence: sequence, signal: try members.value("signal"),
            disposition: try members.value("disposition"), deeds: try members.value("deeds", or: []),
            digest: try members.optional("digest"))
    }
}

extension JournalSnapshot {
    fileprivate var body: JSON {
        ["time": time.json, "events": events.json, "digest": digest.json, "state": state]
    }

    fileprivate init(body: JSON, _ conversation: Conversation.ID, _ sequence: Int) throws(JSON.FormatError) {
        let members = try JSON.Members(body)
        self.init(
            conversation: conversation, sequence: sequence, time: try members.value("time"),
            events: try members.value("events"), digest: try members.value("digest"),
            state: try members.value("state"))
    }
}
