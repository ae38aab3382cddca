#if SQLite
    internal import PipelineCore
    internal import PipelineRuntime

    /// What the journal holds of a conversation: a row of its own, by which missing records are noticed.
    struct Holding {
        let conversation: Conversation.ID
        /// Stands for the conversation in the other tables.
        let number: Int
        /// The first record that is kept, or the next one where none is.
        var first = 1
        var last = 0
        var snapshot: Int?

        var listing: JournalListing {
            JournalListing(conversation: conversation, records: first..<last + 1, snapshot: snapshot)
        }

        init(_ conversation: Conversation.ID, number: Int) {
            self.conversation = conversation
            self.number = number
        }

        /// `{"checksum":…,"conversation":…,"first":…,"last":…,"number":…,"snapshot":…}`.
        var line: [UInt8] {
            var object: JSON.Object = [
                "conversation": conversation.json, "number": number.json, "first": first.json,
                "last": last.json,
            ]
            object["snapshot"] = snapshot?.json
            object["checksum"] = Holding.checksum(of: object)
            return JSON.object(object).canonicalBytes
        }

        /// - Throws: why it is no such row.
        init(_ line: [UInt8], number: Int) throws(JSON.FormatError) {
            guard let json = try? JSON(parsing: line), case .object(let object) = json,
                json["checksum"] == Holding.checksum(of: object)
            else { throw JSON.FormatError("its checksum does not match") }
            let members = try JSON.Members(json)
            conversation = try members.value("conversation")
            self.number = try members.value("number")
            first = try members.value("first")
            last = try members.value("last")
            snapshot = try members.optional("snapshot")
            guard number == self.number, first > 0, last < .max, first <= last + 1 else {
                throw JSON.FormatError("it is not in its place")
            }
        }

        /// The first 8 bytes of the SHA-256 of everything else.
        private static func checksum(of object: JSON.Object) -> JSON {
            var rest = object
            rest["checksum"] = nil
            let digest = ContentDigest(hashing: JSON.object(rest).canonicalBytes)
            return .string(String(digest.description.prefix(16)))
        }
    }
#endif
