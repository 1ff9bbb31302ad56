using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace AgentLab.Core.Tools;

/// <summary>
/// A built-in tool's function: its schema is written by hand (bounds, enums and no stray properties), so that a wrong call is refused
/// before any code of the tool runs, and its arguments arrive as one typed record.
/// </summary>
internal sealed class ToolFunction<TArguments>(
    string name,
    string description,
    string schema,
    Func<TArguments, ToolContext, CancellationToken, Task<ToolOutcome>> call) : AIFunction
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema { get; } = JsonElement.Parse(schema);

    public override JsonSerializerOptions JsonSerializerOptions => ToolJson.Options;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var json = new JsonObject();
        foreach (var (key, value) in arguments)
        {
            json[key] = JsonSerializer.SerializeToNode(value, ToolJson.Options);
        }

        return await call(Read(json), ToolContext.From(arguments), cancellationToken);
    }

    private TArguments Read(JsonObject json)
    {
        try
        {
            return json.Deserialize<TArguments>(ToolJson.Options)!;
        }
        catch (JsonException mismatch)
        {
            // What the schema lets pass and .NET does not, such as 10.0 for a whole number.
            throw new ToolFailureException(ToolErrorCodes.InvalidArguments, $"The arguments of {name} cannot be read at {mismatch.Path}.", innerException: mismatch);
        }
    }
}

/// <summary>How tools read arguments and write results.</summary>
internal static class ToolJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        // Results go into a JSON document and from there to a model or a page that encodes for itself: readable text costs fewer tokens.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static JsonElement ToElement<T>(T value) => JsonSerializer.SerializeToElement(value, Options);
}
