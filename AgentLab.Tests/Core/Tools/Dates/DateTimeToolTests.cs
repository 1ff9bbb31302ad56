using AgentLab.Core.Tools;
using AgentLab.Core.Tools.Dates;
using AgentLab.Tests.Fakes;

namespace AgentLab.Tests.Core.Tools.Dates;

public sealed class DateTimeToolTests
{
    private readonly Tool _tool = DateTimeTool.Create(new FixedTime(new DateTimeOffset(2026, 7, 1, 22, 30, 5, TimeSpan.Zero)));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"timeZone":"UTC"}""")]
    [InlineData("""{"timeZone":null}""")]
    public async Task Tool_NoZone_AnswersInUtc(string arguments)
    {
        var result = await ToolCalls.ResultAsync(_tool, arguments);

        result.GetProperty("iso").GetString().ShouldBe("2026-07-01T22:30:05+00:00");
        result.GetProperty("readable").GetString().ShouldBe("Wednesday, 1 July 2026, 22:30 (UTC)");
    }

    [Fact]
    public async Task Tool_ZoneEastOfUtc_AnswersWithTheNextDay()
    {
        var result = await ToolCalls.ResultAsync(_tool, """{"timeZone":"Europe/Berlin"}""");

        result.GetProperty("iso").GetString().ShouldBe("2026-07-02T00:30:05+02:00");
        result.GetProperty("utc").GetString().ShouldBe("2026-07-01T22:30:05Z");
        result.GetProperty("readable").GetString().ShouldBe("Thursday, 2 July 2026, 00:30 (UTC+02:00)");
        result.GetProperty("timeZone").GetString().ShouldBe("Europe/Berlin");
        result.GetProperty("isoWeek").GetInt32().ShouldBe(27);
    }

    [Theory]
    [InlineData("new york", "Did you mean America/New_York?")]
    [InlineData("Mars/Olympus", "Use an IANA name")]
    [InlineData("../../../etc/passwd", "Use an IANA name")]
    public async Task Tool_UnknownZone_SaysWhatToUse(string zone, string advice)
    {
        var error = await ToolCalls.ErrorAsync(_tool, $$"""{"timeZone":"{{zone}}"}""");

        error.Code.ShouldBe(ToolErrorCodes.NotFound);
        error.Sentence.ShouldContain(advice);
    }
}
