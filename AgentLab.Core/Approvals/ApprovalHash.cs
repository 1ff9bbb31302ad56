using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace AgentLab.Core.Approvals;

/// <summary>What binds an answer to what was asked: SHA-256 over the question in one canonical form, members sorted by name.</summary>
public static class ApprovalHash
{
    /// <summary>The hash of a question, lower-case hex.</summary>
    public static string Of(ApprovalQuestion question)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            Member(writer, "details"u8, question.Details);
            Member(writer, "form"u8, question.Form);
            writer.WriteString("message"u8, question.Message);
            writer.WriteString("title"u8, question.Title);
            if (question.Tool is { } tool)
            {
                writer.WriteString("tool"u8, tool);
            }

            writer.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Member(Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonElement? value)
    {
        if (value is { ValueKind: not JsonValueKind.Undefined } given)
        {
            writer.WritePropertyName(name);
            Write(writer, given);
        }
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
