namespace AgentLab.Web.Hosting.Problems;

/// <summary>The stable codes that problems carry. Each has a row in <see cref="ErrorTable"/> and in docs/errors.md.</summary>
public static class ErrorCodes
{
    public const string Invalid = "invalid";
    public const string MalformedRequest = "malformed_request";
    public const string NotSignedIn = "not_signed_in";
    public const string SignInFailed = "sign_in_failed";
    public const string RefreshRefused = "refresh_refused";
    public const string SignatureRefused = "signature_refused";
    public const string AccountDisabled = "account_disabled";
    public const string Forbidden = "forbidden";
    public const string CrossOrigin = "cross_origin";
    public const string NotFound = "not_found";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string NotAcceptable = "not_acceptable";
    public const string Conflict = "conflict";
    public const string AgentDisabled = "agent_disabled";
    public const string AgentNotActive = "agent_not_active";
    public const string RunActive = "run_active";
    public const string RunNotActive = "run_not_active";
    public const string RunNotPaused = "run_not_paused";
    public const string NothingToRetry = "nothing_to_retry";
    public const string WorkflowSession = "workflow_session";
    public const string WorkflowNotPublished = "workflow_not_published";
    public const string WorkflowInactive = "workflow_inactive";
    public const string ApprovalDecided = "approval_decided";
    public const string ApprovalExpired = "approval_expired";
    public const string ApprovalChanged = "approval_changed";
    public const string NameTaken = "name_taken";
    public const string VersionConflict = "version_conflict";
    public const string EditConflict = "edit_conflict";
    public const string HookTaken = "hook_taken";
    public const string RequestInProgress = "request_in_progress";
    public const string RequestTooLarge = "request_too_large";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string TooManyStreams = "too_many_streams";
    public const string TooManyRuns = "too_many_runs";
    public const string RateLimited = "rate_limited";
    public const string InternalError = "internal_error";
    public const string BuilderMissing = "builder_missing";
    public const string BuilderStopped = "builder_stopped";
    public const string BuilderFailed = "builder_failed";
    public const string BuilderTimeout = "builder_timeout";
    public const string ModelUnavailable = "model_unavailable";
    public const string SetupRequired = "setup_required";
    public const string Unavailable = "unavailable";
    public const string StillRunning = "still_running";
    public const string TimedOut = "timed_out";
}
