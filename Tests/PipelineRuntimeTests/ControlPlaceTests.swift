import CPipelineSystem
import PipelineCore
import PipelineRuntime
import PipelineTesting
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Where the socket is, who can use it, and what was there before.
@Suite(.timeLimit(.minutes(1)))
struct ControlPlaceTests {
    private let folder: ScratchFolder
    private let engine = Engine(ungoverned: ScriptedRunner([]), journal: MemoryJournal())

    init() throws { folder = try ScratchFolder() }

    @Test func `only its owner can use it`() async throws {
        let control = try ControlServer(engine, in: folder.path)
        var file = stat()
        #expect(lstat(folder["control"], &file) == 0)
        #expect(file.st_mode & S_IFMT == S_IFSOCK && file.st_mode & 0o7777 == 0o600)
        await control.close()
    }

    @Test func `it has the right mode before anybody can connect`() throws {
        let number = pipeline_bind_local(folder["socket"])
        try #require(number >= 0)
        defer { close(number) }
        var file = stat()
        #expect(lstat(folder["socket"], &file) == 0 && file.st_mode & 0o777 == 0o600)
        #expect(pipeline_connect_local(folder["socket"]) == -1)
        #expect(errno == ECONNREFUSED)
    }

    @Test func `the socket of a dead process is replaced, and that of a living one is not`() async throws {
        let dead = pipeline_bind_local(folder["control"])
        #expect(dead >= 0 && listen(dead, 1) == 0)
        close(dead)
        #expect(folder.exists("control"))

        let control = try ControlServer(engine, in: folder.path)
        #expect(try await ControlClient(to: folder.path).person != .host)
        let error = #expect(throws: ControlError.self) { _ = try ControlServer(engine, in: folder.path) }
        #expect(error?.reason == .inUse)
        #expect(try await ControlClient(to: folder.path).person != .host)
        await control.close()
    }

    @Test func `a file of another kind is left alone`() throws {
        try folder.write([1, 2, 3], to: "control")
        let error = #expect(throws: ControlError.self) { _ = try ControlServer(engine, in: folder.path) }
        #expect(error?.reason == .occupied)
        #expect(try folder.read("control") == [1, 2, 3])
    }

    @Test func `a folder that is not there is named`() async throws {
        let error = #expect(throws: ControlError.self) {
            _ = try ControlServer(engine, in: folder["none"])
        }
        #expect(error?.description.contains(folder["none"]) == true)
        let missing = await #expect(throws: ControlError.self) {
            _ = try await ControlClient(to: folder["none"])
        }
        #expect(missing?.reason == .notListening)
        let idle = await #expect(throws: ControlError.self) { _ = try await ControlClient(to: folder.path) }
        #expect(idle?.reason == .notListening)
    }

    @Test func `a path that no address holds is reached through its folder where the system can`()
        async throws
    {
        let name = String(repeating: "n", count: 120)
        try folder.makeFolder(name)
        defer { rmdir(folder[name]) }
        guard ScratchFolder.showsDescriptors else {
            let error = #expect(throws: ControlError.self) { _ = try ControlServer(engine, in: folder[name]) }
            #expect(error?.reason == .pathTooLong)
            return
        }
        let control = try ControlServer(engine, in: folder[name])
        var file = stat()
        #expect(lstat("\(folder[name])/control", &file) == 0 && file.st_mode & 0o7777 == 0o600)
        var client = try await ControlClient(to: folder[name])
        #expect(try await client.state(of: "chat").active == nil)
        await control.close()
        #expect(!folder.exists("\(name)/control"))
    }

    @Test func `a process that is stopped is an error in the end, and no wait for ever`() async throws {
        let stopped = pipeline_bind_local(folder["control"])
        defer { close(stopped) }
        #expect(stopped >= 0 && listen(stopped, 1) == 0)
        let error = await #expect(throws: ControlError.self) {
            _ = try await ControlClient(to: folder.path, within: .milliseconds(10))
        }
        #expect(error?.reason == .silent)
    }

    @Test(arguments: [
        (#"{"format":2,"kind":"pipeline.control","you":"host"}"#, "format 2"), ("hello", "JSON"),
        (#"{"format":1,"kind":"something.else","you":"host"}"#, "/kind"),
        (#"{"error":{"code":"anotherUser","message":"This run is another user's."}}"#, "another user"),
    ])
    func `what else may listen there is not taken for it`(greeting: String, says: String) async throws {
        let listener = pipeline_bind_local(folder["control"])
        defer { close(listener) }
        #expect(listener >= 0 && listen(listener, 1) == 0)
        let bytes = Array("\(greeting)\n".utf8)
        let code = OwnThread.run {
            var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            poll(&entry, 1, -1)
            let number = pipeline_accept(listener)
            _ = bytes.withUnsafeBytes { buffer in write(number, buffer.baseAddress, buffer.count) }
            close(number)
        }
        try #require(code == 0)
        let error = await #expect(throws: ControlError.self) { _ = try await ControlClient(to: folder.path) }
        #expect(error?.description.contains(says) == true, "\(String(describing: error))")
    }

    @Test func `no program that is started meanwhile inherits any of it`() async throws {
        try #require(ScratchFolder.showsDescriptors)
        // What the test's own process was given is not ours.
        let given = Set((3..<CInt(1_024)).filter { number in fcntl(number, F_GETFD) >= 0 })
        let control = try ControlServer(engine, in: folder.path)
        let client = try await ControlClient(to: folder.path)
        for number in 3..<CInt(1_024) where !given.contains(number) && fcntl(number, F_GETFD) >= 0 {
            var target = [CChar](repeating: 0, count: 256)
            guard readlink("/proc/self/fd/\(number)", &target, target.count) > 0 else { continue }
            let bytes = target.prefix { byte in byte != 0 }.map { byte in UInt8(bitPattern: byte) }
            guard String(decoding: bytes, as: UTF8.self).hasPrefix("socket:") else { continue }
            #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
        }
        #expect(client.person != .host)
        await control.close()
    }
}
