/// Why a content cannot be kept or read.
public struct ArtifactError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// The file has another content than its name says.
        case damaged
        /// The system refused; the call and its reason.
        case system(String, String)
    }

    public let path: String
    public let reason: Reason

    public init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    public var description: String {
        switch reason {
        case .damaged:
            "\(path) is damaged: its content is not what it is named after. Store it again, or restore it from a copy."
        case .system(let call, let why): "\(call) failed on \(path): \(why)."
        }
    }
}

extension ArtifactError {
    init(_ error: FileError) { self.init(error.path, .system(error.call, error.reason)) }
}
