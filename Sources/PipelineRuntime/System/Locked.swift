private import CPipelineSystem
private import Synchronization

/// A value that one thread at a time can reach.
///
/// It is a `Mutex` that the thread sanitizer knows of. `Synchronization.Mutex` waits in a library that the sanitizer does
/// not see into, so that it takes what the mutex protects for a race as soon as two threads contend for it.
package struct Locked<Value: ~Copyable>: ~Copyable, Sendable {
    private let mutex: Mutex<Value>

    package init(_ value: consuming sending Value) { mutex = Mutex(value) }

    /// Waits for its turn, and gives `body` the value until it returns.
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        let name = withUnsafePointer(to: mutex) { mutex in UnsafeRawPointer(mutex) }
        return try mutex.withLock { value throws(Failure) in
            pipeline_lock_taken(name)
            defer { pipeline_lock_left(name) }
            return try body(&value)
        }
    }
}
