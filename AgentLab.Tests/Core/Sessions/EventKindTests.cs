using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Tests.Core.Sessions;

/// <summary>Events are for ever: what an older version wrote is lifted when it is read, step by step, and stays as it is in the log.</summary>
public sealed class EventKindTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    /// <summary>Version 1 had the duration in seconds, version 2 in milliseconds, version 3 has an object for who did it.</summary>
    private static readonly EventKind Measured = new(
        "test.measured",
        typeof(MeasuredData),
        Options.GetTypeInfo(typeof(MeasuredData)),
        [
            content =>
            {
                content["ms"] = content["seconds"]!.GetValue<decimal>() * 1000;
                content.Remove("seconds");
                return content;
            },
            content =>
            {
                content["by"] = new JsonObject { ["name"] = content["by"]?.DeepClone() };
                return content;
            },
        ]);

    [Theory]
    [InlineData(1, """{"seconds":1.5,"by":"Ann","later":true}""")]
    [InlineData(2, """{"ms":1500,"by":"Ann"}""")]
    [InlineData(3, """{"ms":1500,"by":{"name":"Ann"}}""")]
    public void Decode_EachVersion_GivesTheSameContent(int version, string written)
    {
        Measured.Version.ShouldBe(3);

        Measured.Decode(version, Encoding.UTF8.GetBytes(written)).ShouldBe(new MeasuredData(1500, new Person("Ann")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Decode_VersionThatIsNotKnownHere_IsNoContent(int version) => Measured.Decode(version, """{"ms":1500}"""u8).ShouldBeNull();

    [Fact]
    public void Decode_BytesThatAreNoObject_SayTheyAreWrong()
    {
        Should.Throw<JsonException>(() => Measured.Decode(1, "[]"u8));
        Should.Throw<JsonException>(() => Measured.Decode(1, "null"u8));
    }

    [Fact]
    public void Event_IsReadByTheVersionThatItWasWrittenUnder()
    {
        var json = EventCatalog.Encode(new NoteAdded("Look here", Guid.Empty));

        Of(1).Data.ShouldBe(new NoteAdded("Look here", Guid.Empty));
        Of(2).Data.ShouldBeNull("a later program wrote it");

        SessionEvent Of(int version) => new(1, null, null, 0, "note.added", version, DateTimeOffset.UnixEpoch, json);
    }

    private sealed record MeasuredData(decimal Ms, Person By) : EventData;

    private sealed record Person(string? Name);
}
