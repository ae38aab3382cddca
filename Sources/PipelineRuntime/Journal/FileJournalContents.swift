public import PipelineCore

/// What a journal's file holds.
public struct FileJournalContents: Sendable {
    public private(set) var records: [JournalRecord] = []
    /// Bytes at the end that are the beginning of a record that was never acknowledged.
    public private(set) var tornBytes = 0
    /// Bytes before those.
    public private(set) var validBytes = 0

    init() {}

    /// The conversations that it names, in the order of their first records.
    public var conversations: [Conversation.ID] {
        var known: Set<Conversation.ID> = []
        return records.compactMap { record in
            known.insert(record.conversation).inserted ? record.conversation : nil
        }
    }

    /// Reads the file's bytes; what is damaged is an error with its place, but for a last line that was cut off.
    init(parsing bytes: [UInt8], path: String) throws(JournalError) {
        var line = 0
        var sequences: [Conversation.ID: Int] = [:]
        while validBytes < bytes.count {
            line += 1
            guard let end = bytes[validBytes...].firstIndex(of: UInt8(ascii: "\n")) else {
                let isHeader = FileJournal.headerLine.starts(with: bytes[validBytes...])
                guard line > 1 || isHeader else { throw JournalError(path, .foreign) }
                tornBytes = bytes.count - validBytes
                return
            }
            let text = bytes[validBytes..<end]
            do throws(Damage) {
                if line == 1 {
                    try FileJournalContents.checkHeader(text)
                } else {
                    let record = try FileJournalContents.decode(text)
                    let sequence = sequences[record.conversation, default: 0] + 1
                    guard record.sequence == sequence else {
                        throw .broken("record \(record.sequence) comes where \(sequence) should")
                    }
                    sequences[record.conversation] = sequence
                    records.append(record)
                }
            } catch {
                throw error.located(path, line: line, offset: validBytes)
            }
            validBytes = end + 1
        }
    }

    /// What is wrong with a line, before its place is known.
    private enum Damage: Error {
        case foreign
        case newer(Int)
        case broken(String)

        func located(_ path: String, line: Int, offset: Int) -> JournalError {
            switch self {
            case .foreign: JournalError(path, .foreign)
            case .newer(let format): JournalError(path, .newerFormat(format))
            case .broken(let what): JournalError(path, .corrupt(line: line, offset: offset, what))
            }
        }
    }

    private static func checkHeader(_ line: ArraySlice<UInt8>) throws(Damage) {
        guard let header = try? JSON(parsing: Array(line)), header["kind"] == FileJournal.header["kind"],
            let format = header["format"]?.integerValue
        else { throw .foreign }
        guard format <= FileJournal.format else { throw .newer(Int(clamping: format)) }
        guard format == FileJournal.format else { throw .foreign }
    }

    private static let before = Array("{\"checksum\":\"".utf8)
    private static let between = Array("\",\"record\":".utf8)
    private static let digits = 16

    static func encode(_ record: JournalRecord, into bytes: inout [UInt8]) {
        let body = record.json.canonicalBytes
        bytes += before
        bytes += checksum(of: body)
        bytes += between
        bytes += body
        bytes += Array("}\n".utf8)
    }

    private static func decode(_ line: ArraySlice<UInt8>) throws(Damage) -> JournalRecord {
        let start = before.count + digits + between.count
        guard line.count > start, line.starts(with: before), line.last == UInt8(ascii: "}"),
            line.dropFirst(before.count + digits).starts(with: between)
        else { throw .broken("it is no record") }
        let body = Array(line.dropFirst(start).dropLast())
        guard line.dropFirst(before.count).prefix(digits).elementsEqual(checksum(of: body)) else {
            throw .broken("its checksum does not match")
        }
        let json: JSON
        do throws(JSON.ParseError) {
            json = try JSON(parsing: body, limits: JSON.Limits(bytes: .max))
        } catch {
            throw .broken("\(error)")
        }
        do throws(JSON.FormatError) {
            return try JournalRecord(json: json)
        } catch {
            throw .broken("\(error)")
        }
    }

    private static func checksum(of body: [UInt8]) -> [UInt8] {
        Array(ContentDigest(hashing: body).description.utf8.prefix(digits))
    }
}
