using System.Data.Common;
using AgentLab.Core.Sessions;

namespace AgentLab.Data.Sessions.Log;

/// <summary>Reads the columns of <see cref="LogSqlText.LockState"/>.</summary>
internal static class SessionStateReader
{
    public static SessionState Read(DbDataReader row, SessionId id) => new()
    {
        Id = id,
        Key = row.GetInt64(0),
        OwnerId = row.GetGuid(1),
        ProjectId = row.GetGuid(2),
        Status = (SessionStatus)row.GetInt32(3),
        ActiveRunId = row.IsDBNull(4) ? null : row.GetGuid(4),
        ActiveFence = row.GetInt64(5),
        Head = row.GetInt64(6),
        HeadHash = row.GetFieldValue<byte[]>(7),
        Messages = row.GetInt32(8),
        InputTokens = row.GetInt64(9),
        OutputTokens = row.GetInt64(10),
        CostNanos = row.GetInt64(11),
        UpdatedAt = row.GetInt64(12),
    };
}
