public import PipelineCore

extension Run.Failure {
    /// What a model or a tool that is asked over HTTP means by a status that is no success.
    ///
    /// 401 and 403 are `auth`, 408 is `startToClose`, and everything else `provider`. Another attempt may help
    /// after 408, 409, 425, 429 and any 5xx.
    /// - Parameters:
    ///   - message: what the server says, in words.
    ///   - retryAfter: its `Retry-After`, in milliseconds.
    public init(
        httpStatus status: Int, _ message: String, details: JSON = .null,
        retryAfter: Run.Milliseconds? = nil, usage: Run.Usage = Run.Usage()
    ) {
        let (category, isRetryable): (Category, Bool) =
            switch status {
            case 401, 403: (.auth, false)
            case 408: (.startToClose, true)
            case 409, 425, 429, 500...599: (.provider, true)
            default: (.provider, false)
            }
        self.init(
            category, message, isRetryable: isRetryable, code: "\(status)", details: details,
            retryAfter: retryAfter, usage: usage)
    }
}
