using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentLab.Core.Models;

/// <summary>
/// A value that goes in and never comes out by accident: text, JSON, logs and debuggers show <c>***</c>.
/// Only the code that must hand it to a provider or encrypt it calls <see cref="Reveal"/>.
/// </summary>
[JsonConverter(typeof(SecretJsonConverter))]
[System.Diagnostics.DebuggerDisplay("***")]
public sealed class Secret : IEquatable<Secret>
{
    /// <summary>What is shown in place of the value.</summary>
    public const string Mask = "***";

    // A value this short would blank out half of any sentence it is searched in.
    private const int ShortestRedacted = 4;

    private readonly string _value;

    /// <param name="value">The value; not empty. White space round it is dropped, since it comes from pasting or from a file's end.</param>
    public Secret(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        _value = value.Trim();
    }

    /// <summary>The secret made of <paramref name="value"/>, or null when there is none.</summary>
    public static Secret? FromOptional(string? value) => string.IsNullOrWhiteSpace(value) ? null : new Secret(value);

    /// <summary>The value itself. Never log it, store it in clear or put it in an answer.</summary>
    public string Reveal() => _value;

    /// <summary>The text with every occurrence of the value masked: for words that come from outside, such as a provider's error.</summary>
    public string Redact(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _value.Length < ShortestRedacted ? text : text.Replace(_value, Mask, StringComparison.Ordinal);
    }

    /// <inheritdoc />
    public bool Equals(Secret? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_value), Encoding.UTF8.GetBytes(other._value));

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc />
    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Always <see cref="Mask"/>.</summary>
    public override string ToString() => Mask;
}

/// <summary>Reads a secret from JSON and never writes one.</summary>
internal sealed class SecretJsonConverter : JsonConverter<Secret>
{
    public override Secret? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Secret.FromOptional(reader.GetString());

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Secret.Mask);
}
