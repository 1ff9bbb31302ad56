using System.Diagnostics.CodeAnalysis;

namespace AgentLab.Core;

/// <summary>Why something was refused or failed.</summary>
/// <param name="Code">A stable code in snake case; the web's error table gives each its HTTP status.</param>
/// <param name="Message">A sentence that a person can act on: what was wrong, what is allowed.</param>
/// <param name="CanRetry">Whether the same request can succeed later.</param>
/// <param name="Field">The field of the request that was wrong, where it is one.</param>
public sealed record LabError(string Code, string Message, bool CanRetry = false, string? Field = null)
{
    /// <summary>Nothing with that id, or nothing that the asker may see: the two read the same.</summary>
    public static LabError NotFound(string what) => new("not_found", $"There is no such {what}, or you may not see it.");

    /// <summary>The asker may see it but not do this.</summary>
    public static LabError Forbidden(string what) => new("forbidden", what);

    /// <summary>A field of the request is not acceptable.</summary>
    public static LabError Invalid(string field, string message) => new("invalid", message, Field: field);
}

/// <summary>A value, or the errors that stood in its way.</summary>
public sealed class Outcome<T> where T : class
{
    private Outcome(T? value, IReadOnlyList<LabError> errors)
    {
        Value = value;
        Errors = errors;
    }

    /// <summary>The value; null when it failed.</summary>
    public T? Value { get; }

    /// <summary>All errors at once; empty when it succeeded.</summary>
    public IReadOnlyList<LabError> Errors { get; }

    /// <summary>The first error; null when it succeeded.</summary>
    public LabError? Error => Errors.Count > 0 ? Errors[0] : null;

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Ok => Value is not null;

    /// <summary>It succeeded.</summary>
    public static Outcome<T> Success(T value) => new(value, []);

    /// <summary>It failed.</summary>
    public static Outcome<T> Failure(params IReadOnlyList<LabError> errors) =>
        errors.Count > 0 ? new(null, errors) : throw new ArgumentException("A failure names at least one error.", nameof(errors));
}
