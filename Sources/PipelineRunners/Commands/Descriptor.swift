/// An open file descriptor, closed when the value ends.
struct Descriptor: ~Copyable, Sendable {
    let number: Int32

    /// No descriptor; polls as never ready.
    static var none: Descriptor { Descriptor(number: -1) }

    var isNone: Bool { number < 0 }

    deinit {
        if number >= 0 { Platform.closeDescriptor(number) }
    }
}
