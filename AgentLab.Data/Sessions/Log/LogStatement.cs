using AgentLab.Data.Databases;

namespace AgentLab.Data.Sessions.Log;

/// <summary>The statements that a batch is made of. Each has one text for a database and positional values <c>@p0, @p1 …</c>.</summary>
internal enum LogSql
{
    InsertSession,
    UpdateSession,
    UpdateHead,
    InsertEvent,
    InsertRun,
    ResumeRun,
    PauseRun,
    AskRunToStop,
    CountSteps,
    AddUsage,
    EndRun,
    InsertArtifact,
    InsertWait,
    NameWait,
    EndWait,
    CloseQuestion,
    EndWaits,
    CloseQuestions,
    InsertWorkflowEnd,
    InsertBlob,
    InsertSessionBlob,
    StartTask,
    StartTaskAttempt,
    PauseTask,
    ResumeTask,
    MarkTaskAttempt,
    CompleteTask,
    CancelTask,
    FailTask,
    FailOverdueTask,
    EndTaskAttempt,
    FailOverdueTaskAttempt,
}

/// <summary>One statement with its values.</summary>
internal readonly record struct LogStatement(LogSql Sql, object?[] Values);

/// <summary>The texts of <see cref="LogSql"/>, hand-written: this is the hot path of every append.</summary>
internal static class LogSqlText
{
    /// <summary>Whether a task that failed is tried again by itself: it may help (@p2 = 1), tries are left, and nobody has cancelled it.</summary>
    private const string TaskAgain = "@p2 = 1 AND attempts < @p3 AND cancel_requested_at IS NULL";

    private const string TaskPause = "CASE attempts WHEN 1 THEN @p4 WHEN 2 THEN @p5 WHEN 3 THEN @p6 WHEN 4 THEN @p7 ELSE @p11 END";

    /// <summary>After a failure: again after a pause, or the next time of the schedule, or an end.</summary>
    private const string FailTask =
        "UPDATE tasks SET status = CASE WHEN cancel_requested_at IS NOT NULL THEN 6 WHEN " + TaskAgain + " THEN 1 WHEN due_at IS NOT NULL THEN 1 WHEN @p2 > 0 THEN 7 ELSE 5 END, "
        + "last_status = CASE WHEN cancel_requested_at IS NOT NULL THEN 6 WHEN " + TaskAgain + " THEN 5 WHEN @p2 > 0 THEN 7 ELSE 5 END, "
        + "due_at = CASE WHEN " + TaskAgain + " THEN @p1 + " + TaskPause + " ELSE due_at END, "
        + "rank = CASE WHEN " + TaskAgain + " THEN @p1 + " + TaskPause + " - priority * @p10 ELSE rank END, "
        + "attempts = CASE WHEN due_at IS NULL OR (" + TaskAgain + ") THEN attempts ELSE 0 END, wake_at = NULL, reason_code = @p8, reason = @p9, ended_at = @p1, updated_at = @p1, "
        + "revision = revision + 1 WHERE run_id = @p0 AND status IN (2, 3)";

    private static readonly Dictionary<LogSql, string> Common = new()
    {
        [LogSql.InsertSession] =
            "INSERT INTO sessions (row_key, id, owner_id, project_id, agent_id, agent_version, agent_name, workflow_id, workflow_version, workflow_name, title, "
            + "normalized_title, status, active_run_id, active_fence, head, head_hash, messages, input_tokens, output_tokens, cost_nanos, created_at, updated_at) "
            + "VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, 0, @p14, @p15, @p16, @p17, @p18, @p19, @p20, @p21)",
        [LogSql.UpdateSession] =
            "UPDATE sessions SET status = @p1, active_run_id = @p2, active_fence = @p10, head = @p3, head_hash = @p4, messages = @p5, input_tokens = @p6, output_tokens = @p7, "
            + "cost_nanos = @p8, updated_at = @p9 WHERE row_key = @p0",
        [LogSql.UpdateHead] = "UPDATE sessions SET head = @p1, head_hash = @p2 WHERE row_key = @p0",
        [LogSql.InsertEvent] =
            "INSERT INTO session_events (session_key, sequence, append_id, run_id, step_id, attempt, type, v, at, data, hash) "
            + "VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10)",
        [LogSql.InsertRun] =
            "INSERT INTO runs (row_key, id, session_key, owner_id, project_id, status, trigger_name, agent_id, agent_version, workflow_id, workflow_version, "
            + "workflow_name, node, fence, started_at, recoveries, steps, input_tokens, output_tokens, cost_nanos) "
            + "VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11, @p12, @p13, @p14, 0, 0, 0, 0, 0)",
        [LogSql.ResumeRun] = "UPDATE runs SET status = 0, node = @p1, fence = @p2, recoveries = recoveries + @p3 WHERE id = @p0",
        [LogSql.PauseRun] = "UPDATE runs SET status = 1, recoveries = 0 WHERE id = @p0",
        [LogSql.AskRunToStop] = "UPDATE runs SET stop_requested_at = @p1 WHERE id = @p0",
        [LogSql.CountSteps] = "UPDATE runs SET steps = steps + @p1, recoveries = 0 WHERE id = @p0",
        [LogSql.AddUsage] =
            "UPDATE runs SET input_tokens = input_tokens + @p1, output_tokens = output_tokens + @p2, cost_nanos = cost_nanos + @p3, "
            + "first_word_at = COALESCE(first_word_at, @p4) WHERE id = @p0",
        [LogSql.EndRun] = "UPDATE runs SET status = @p1, ended_at = @p2, error_code = @p3 WHERE id = @p0",
        [LogSql.InsertArtifact] =
            "INSERT INTO artifacts (session_key, sequence, id, name, kind, content_type, size, blob_hash, created_at) "
            + "VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8)",
        [LogSql.InsertWait] =
            "INSERT INTO run_waits (session_key, sequence, run_id, step_id, kind, owner_id, project_id, due_at, key_hash, approval_id, title, created_at) "
            + "VALUES (@p0, @p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10, @p11)",
        [LogSql.NameWait] = "UPDATE run_waits SET title = @p1 WHERE approval_id = @p0",
        [LogSql.EndWait] = "DELETE FROM run_waits WHERE run_id = @p0 AND step_id = @p1 AND approval_id IS NULL",
        [LogSql.CloseQuestion] =
            "UPDATE run_waits SET ended_at = @p2, due_at = NULL, decision = @p3, decided_sequence = @p4 "
            + "WHERE run_id = @p0 AND step_id = @p1 AND approval_id IS NOT NULL AND ended_at IS NULL",
        [LogSql.EndWaits] = "DELETE FROM run_waits WHERE run_id = @p0 AND approval_id IS NULL",
        [LogSql.CloseQuestions] =
            "UPDATE run_waits SET ended_at = @p1, due_at = NULL, decision = @p2 WHERE run_id = @p0 AND approval_id IS NOT NULL AND ended_at IS NULL",
        [LogSql.InsertWorkflowEnd] =
            "INSERT INTO workflow_ends (run_id, workflow_id, status, ended_at) SELECT r.id, r.workflow_id, @p1, @p2 FROM runs r "
            + "WHERE r.id = @p0 AND EXISTS (SELECT 1 FROM workflow_events e WHERE e.source_id = r.workflow_id)",
        [LogSql.InsertBlob] = "INSERT INTO blobs (sha256, size, content_type, content, created_at) VALUES (@p0, @p1, @p2, @p3, @p4) ON CONFLICT DO NOTHING",
        [LogSql.InsertSessionBlob] = "INSERT INTO session_blobs (session_key, hash) VALUES (@p0, @p1) ON CONFLICT DO NOTHING",
        [LogSql.StartTask] =
            "UPDATE tasks SET run_id = @p2, session_id = @p3, running_since = @p4, updated_at = @p4, revision = revision + 1 WHERE id = @p0 AND starts = @p1 AND status = 2",
        [LogSql.StartTaskAttempt] =
            "UPDATE task_attempts SET run_id = @p2, session_id = @p3 WHERE number = @p1 AND task_key = (SELECT row_key FROM tasks WHERE id = @p0)",
        [LogSql.PauseTask] = "UPDATE tasks SET status = 3, updated_at = @p1, revision = revision + 1 WHERE run_id = @p0 AND status = 2",
        [LogSql.ResumeTask] = "UPDATE tasks SET status = 2, running_since = running_since + @p1 - updated_at, updated_at = @p1, revision = revision + 1 WHERE run_id = @p0 AND status = 3",
        [LogSql.MarkTaskAttempt] = "UPDATE task_attempts SET status = @p1 WHERE run_id = @p0",
        [LogSql.CompleteTask] =
            "UPDATE tasks SET status = CASE WHEN due_at IS NULL THEN 4 ELSE 1 END, attempts = CASE WHEN due_at IS NULL THEN attempts ELSE 0 END, last_status = 4, "
            + "reason_code = NULL, reason = NULL, cancel_requested_at = NULL, ended_at = @p1, updated_at = @p1, revision = revision + 1 WHERE run_id = @p0 AND status IN (2, 3)",
        [LogSql.CancelTask] =
            "UPDATE tasks SET status = CASE WHEN due_at IS NULL THEN 6 ELSE 1 END, attempts = CASE WHEN due_at IS NULL THEN attempts ELSE 0 END, last_status = 6, "
            + "reason_code = NULL, reason = NULL, cancel_requested_at = NULL, ended_at = @p1, updated_at = @p1, revision = revision + 1 "
            + "WHERE run_id = @p0 AND status IN (2, 3) AND (timed_out_at IS NULL OR cancel_requested_at IS NOT NULL)",
        [LogSql.FailTask] = FailTask,
        [LogSql.FailOverdueTask] = FailTask + " AND timed_out_at IS NOT NULL",
        [LogSql.EndTaskAttempt] = "UPDATE task_attempts SET status = @p1, ended_at = @p2, reason_code = @p3, reason = @p4 WHERE run_id = @p0",
        [LogSql.FailOverdueTaskAttempt] =
            "UPDATE task_attempts SET status = @p1, reason_code = @p2, reason = @p3 WHERE run_id = @p0 "
            + "AND EXISTS (SELECT 1 FROM tasks t WHERE t.run_id = @p0 AND t.timed_out_at IS NOT NULL AND t.reason_code = @p2)",
    };

    private static readonly Dictionary<LogSql, string> SqlServer = new()
    {
        [LogSql.InsertBlob] =
            "INSERT INTO blobs (sha256, size, content_type, content, created_at) SELECT @p0, @p1, @p2, @p3, @p4 "
            + "WHERE NOT EXISTS (SELECT 1 FROM blobs WITH (UPDLOCK, HOLDLOCK) WHERE sha256 = @p0)",
        [LogSql.InsertSessionBlob] =
            "INSERT INTO session_blobs (session_key, hash) SELECT @p0, @p1 "
            + "WHERE NOT EXISTS (SELECT 1 FROM session_blobs WITH (UPDLOCK, HOLDLOCK) WHERE session_key = @p0 AND hash = @p1)",
    };

    private const string StateColumns =
        "s.row_key, s.owner_id, s.project_id, s.status, s.active_run_id, s.active_fence, s.head, s.head_hash, s.messages, s.input_tokens, s.output_tokens, s.cost_nanos, "
        + "s.updated_at";

    /// <summary>The text of a statement on this database.</summary>
    public static string Of(LogSql sql, DatabaseKind kind) =>
        kind == DatabaseKind.SqlServer && SqlServer.TryGetValue(sql, out var text) ? text : Common[sql];

    /// <summary>
    /// Reads a session's state, locking its row where the database has other writers. <c>@p0</c> is its id. Everything that a guard looks at stands in that one row: what a statement reads
    /// beside the row that it waited for is as old as the statement (PostgreSQL, and SQL Server with row versions), and a fence from there would let a stale owner pass.
    /// </summary>
    public static string LockState(DatabaseKind kind) => kind switch
    {
        DatabaseKind.SqlServer =>
            $"SELECT {StateColumns} FROM sessions s WITH (UPDLOCK, ROWLOCK) WHERE s.id = @p0 AND s.deleted_at IS NULL",
        DatabaseKind.PostgreSql =>
            $"SELECT {StateColumns} FROM sessions s WHERE s.id = @p0 AND s.deleted_at IS NULL FOR UPDATE",
        _ => $"SELECT {StateColumns} FROM sessions s WHERE s.id = @p0 AND s.deleted_at IS NULL",
    };

    /// <summary>Finds a request by principal, route and key.</summary>
    public const string FindRequest = "SELECT body_hash, answer FROM idempotency_keys WHERE principal = @p0 AND route = @p1 AND request_key = @p2";

    /// <summary>Records a request unless it is there; the count of affected rows tells.</summary>
    public static string AddRequest(DatabaseKind kind) => kind == DatabaseKind.SqlServer
        ? "INSERT INTO idempotency_keys (principal, route, request_key, body_hash, answer, created_at) SELECT @p0, @p1, @p2, @p3, @p4, @p5 "
          + "WHERE NOT EXISTS (SELECT 1 FROM idempotency_keys WITH (UPDLOCK, HOLDLOCK) WHERE principal = @p0 AND route = @p1 AND request_key = @p2)"
        : "INSERT INTO idempotency_keys (principal, route, request_key, body_hash, answer, created_at) VALUES (@p0, @p1, @p2, @p3, @p4, @p5) ON CONFLICT DO NOTHING";

    /// <summary>
    /// Holds <c>@p0</c>, an append's id, until the transaction ends, and waits while another transaction holds it. Null where <see cref="FindAppend"/> itself
    /// waits for a transaction that is not over.
    /// </summary>
    public static string? Mark(DatabaseKind kind) => kind == DatabaseKind.PostgreSql ? "SELECT pg_advisory_xact_lock(@p0)" : null;

    /// <summary>Whether an append is in the log.</summary>
    public static string FindAppend(DatabaseKind kind) =>
        $"SELECT COUNT(*) FROM session_events {(kind == DatabaseKind.SqlServer ? "WITH (READCOMMITTEDLOCK) " : "")}WHERE session_key = @p0 AND sequence = @p1 AND append_id = @p2";
}
