import PipelineCore

extension ControlServer {
    /// Takes requests to the engine, and its answers back. It waits; the thread that owns the sockets does not.
    struct Desk: Sendable {
        let engine: Engine
        /// What is offered; nil for all.
        let conversations: Set<Conversation.ID>?

        /// Answers one line, or follows to the end what it asks for.
        func answer(_ line: [UInt8], of person: Run.Actor, through outlet: Outlet) async {
            do throws(Refusal) {
                let request = try read(line)
                switch request {
                case .signal(let kind, let id, let conversation):
                    let disposition = try await ask { () async throws(EngineError) in
                        try await engine.request(kind, id: id, by: person, in: conversation)
                    }
                    _ = await outlet.send(.disposition(disposition))
                case .state(let conversation):
                    let state = try await ask { () async throws(EngineError) in
                        try await engine.state(of: conversation)
                    }
                    _ = await outlet.send(.state(state))
                case .events(let conversation, let cursor):
                    for await entry in engine.events(of: conversation, after: cursor) {
                        guard await outlet.send(.entry(entry)) else { break }
                    }
                    return outlet.finish(isLast: true)
                }
            } catch {
                _ = await outlet.send(.refusal(error.code, error.message))
            }
            outlet.finish(isLast: false)
        }

        private struct Refusal: Error {
            let code: ControlRefusal
            let message: String
        }

        private func read(_ line: [UInt8]) throws(Refusal) -> ControlRequest {
            let json: JSON
            do throws(JSON.ParseError) { json = try JSON(parsing: line) } catch {
                throw Refusal(code: .malformed, message: "The line is no request: \(error)")
            }
            let request: ControlRequest
            do throws(JSON.FormatError) { request = try ControlRequest(json: json) } catch {
                throw Refusal(code: .malformed, message: "The line is no request: \(error).")
            }
            if let conversations, !conversations.contains(request.conversation) {
                let name = request.conversation
                throw Refusal(code: .notOffered, message: "The conversation \(name) is not offered here.")
            }
            return request
        }

        private func ask<Value: Sendable>(
            _ body: () async throws(EngineError) -> Value
        ) async throws(Refusal) -> Value {
            do throws(EngineError) { return try await body() } catch {
                throw Refusal(code: .engine, message: "\(error)")
            }
        }
    }

    /// The way back to one client.
    struct Outlet: Sendable {
        let client: Int
        let mailbox: Mailbox

        /// Waits until there is room for more; false when the client has gone.
        func send(_ reply: ControlReply) async -> Bool {
            await withCheckedContinuation { waiter in mailbox.post(.line(reply.line, to: client, waiter)) }
        }

        func finish(isLast: Bool) { mailbox.post(.answered(client, isLast: isLast)) }
    }
}
