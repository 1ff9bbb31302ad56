using System.Text.Json;
using System.Text.Json.Serialization;
using AgentLab.Core.Sessions;

namespace AgentLab.Web.Features.Api;

/// <summary>Writes an event in its committed bytes.</summary>
internal sealed class EncodedEventConverter : JsonConverter<EncodedEvent>
{
    public override EncodedEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Events come from the log only.");

    public override void Write(Utf8JsonWriter writer, EncodedEvent value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Json.Span, skipInputValidation: true);
}
