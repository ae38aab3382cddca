import PipelineCore
import Testing

@testable import PipelineRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Contents under their digests, in memory and in files.
struct ArtifactStoreTests {
    private let scratch: ScratchFolder
    private let folder: String
    private let hello = Array("hello".utf8)
    /// `printf hello | sha256sum`
    private let helloName = "2c/f24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

    init() throws {
        scratch = try ScratchFolder()
        folder = scratch["deep/artifacts"]
    }

    /// The paths of all that is in the folder, folders included.
    private func contents() throws -> [String] {
        try FileDescriptor.names(in: folder).flatMap { name in
            let below = (try? FileDescriptor.names(in: "\(folder)/\(name)")) ?? []
            return [name] + below.map { file in "\(name)/\(file)" }
        }.sorted()
    }

    @Test(arguments: [true, false])
    func `a content is found under its digest, and no other is`(inMemory: Bool) async throws {
        let store: any ArtifactStore =
            inMemory ? MemoryArtifactStore() : try FileArtifactStore(folder: folder)
        for content in [[], hello, [UInt8](repeating: 7, count: 200_000)] {
            let digest = try await store.store(content)
            #expect(digest == ContentDigest(hashing: content))
            #expect(try await store.bytes(of: digest) == content)
        }
        #expect(try await store.bytes(of: ContentDigest(hashing: [1, 2, 3])) == nil)
    }

    @Test func `a content stored twice is kept once`() async throws {
        let memory = MemoryArtifactStore()
        let files = try FileArtifactStore(folder: folder)
        for _ in 1...2 {
            _ = try await memory.store(hello)
            _ = try await files.store(hello)
        }
        #expect(memory.count == 1)
        #expect(try contents() == ["2c", helloName])
    }

    @Test func `a file is for its owner alone, and is found by the next store`() async throws {
        let digest = try await FileArtifactStore(folder: folder).store(hello)
        var status = stat()
        #expect(stat("\(folder)/\(helloName)", &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try await FileArtifactStore(folder: folder).bytes(of: digest) == hello)
    }

    @Test func `a file that is damaged is an error with its path, and storing it again mends it`()
        async throws
    {
        let store = try FileArtifactStore(folder: folder)
        let digest = try await store.store(hello)
        try scratch.write(Array("hellO".utf8), to: "deep/artifacts/\(helloName)")
        let error = await #expect(throws: ArtifactError.self) { try await store.bytes(of: digest) }
        #expect(error == ArtifactError("\(folder)/\(helloName)", .damaged))
        #expect(error?.description.contains(helloName) == true)
        _ = try await store.store(hello)
        #expect(try await store.bytes(of: digest) == hello)
        #expect(try contents() == ["2c", helloName])
    }

    @Test func `what a crash left half written is removed when a store is opened, and nothing else`()
        async throws
    {
        let digest = try await FileArtifactStore(folder: folder).store(hello)
        try scratch.write([1, 2], to: "deep/artifacts/new-1-1")
        try scratch.write([1, 2], to: "deep/artifacts/notes")
        let written = try FileDescriptor(opening: "\(folder)/new-1-2", .createNew)
        #expect(try written.tryLock())
        let store = try FileArtifactStore(folder: folder)
        #expect(try contents() == ["2c", helloName, "new-1-2", "notes"])
        #expect(try await store.bytes(of: digest) == hello)
    }

    @Test func `a name that is taken is not written to`() async throws {
        let store = try FileArtifactStore(folder: folder)
        // Of this process, and with the next numbers, as another store of the folder may have chosen them.
        for number in 1...2_000 { try scratch.write([1], to: "deep/artifacts/new-\(getpid())-\(number)") }
        let digest = try await store.store(hello)
        #expect(try await store.bytes(of: digest) == hello)
        #expect(try contents().count { name in name.hasPrefix("new-") } == 2_000)
        #expect(try scratch.read("deep/artifacts/new-\(getpid())-2000") == [1])
    }

    @Test func `what the system refuses is an error with call and path, and leaves nothing behind`()
        async throws
    {
        try scratch.write([], to: "file")
        let opening = #expect(throws: ArtifactError.self) { try FileArtifactStore(folder: scratch["file/x"]) }
        #expect(opening?.path == scratch["file/x"])
        let store = try FileArtifactStore(folder: folder)
        try scratch.makeFolder("deep/artifacts/2c")
        try scratch.makeFolder("deep/artifacts/\(helloName)")
        let storing = await #expect(throws: ArtifactError.self) { try await store.store(hello) }
        guard case .system("rename", _)? = storing?.reason else {
            Issue.record("\(String(describing: storing))")
            return
        }
        #expect(try contents() == ["2c", helloName])
    }

    @Test(.timeLimit(.minutes(5)))
    func `many who store the same contents at once all find them, and leave one file each`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let store = try FileArtifactStore(folder: folder)
                    let content = [UInt8](repeating: UInt8(number % 5), count: 10_000)
                    let digest = try await store.store(content)
                    #expect(try await store.bytes(of: digest) == content)
                }
            }
            try await group.waitForAll()
        }
        #expect(try contents().count == 10)
    }
}
