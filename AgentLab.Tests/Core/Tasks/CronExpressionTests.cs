using AgentLab.Core.Tasks.Schedules;
using FsCheck;
using FsCheck.Fluent;

namespace AgentLab.Tests.Core.Tasks;

public sealed class CronExpressionTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Theory]
    [InlineData("0 9 * * *", "2026-01-15T07:59:00Z", "2026-01-15T08:00:00Z")]
    [InlineData("0 9 * * *", "2026-01-15T08:00:00Z", "2026-01-16T08:00:00Z")]
    [InlineData("30 6 * * MON-FRI", "2026-01-16T06:00:00Z", "2026-01-19T05:30:00Z")]
    [InlineData("0 0 1 1 *", "2026-01-15T00:00:00Z", "2026-12-31T23:00:00Z")]
    [InlineData("0 12 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T11:00:00Z")]
    [InlineData("0 12 13 * 5", "2026-01-14T00:00:00Z", "2026-01-16T11:00:00Z")]
    [InlineData("0 8 * * 7", "2026-01-15T00:00:00Z", "2026-01-18T07:00:00Z")]
    [InlineData("*/20 3 * * *", "2026-01-15T02:05:00Z", "2026-01-15T02:20:00Z")]
    [InlineData("@weekly", "2026-01-15T00:00:00Z", "2026-01-17T23:00:00Z")]
    public void Next_PlainTimes_IsTheFirstBehind(string cron, string after, string expected) =>
        Next(cron, after).ShouldBe(DateTimeOffset.Parse(expected, null));

    [Fact]
    public void Next_HourThatIsLeftOut_RunsOnceAsSoonAsItWouldHaveBegun()
    {
        // Berlin, 29 March 2026: the clock goes from 02:00 to 03:00.
        Times("30 2 * * *", "2026-03-28T00:00:00Z", 3).ShouldBe(["2026-03-28T01:30Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z"]);
        Times("*/15 2 * * *", "2026-03-29T00:30:00Z", 2).ShouldBe(["2026-03-29T01:00Z", "2026-03-30T00:00Z"]);
        Times("15 * * * *", "2026-03-29T00:10:00Z", 2).ShouldBe(["2026-03-29T00:15Z", "2026-03-29T01:15Z"]);
    }

    [Fact]
    public void Next_HourThatComesTwice_RunsOnceUnlessItRunsEveryHour()
    {
        // Berlin, 25 October 2026: the clock goes from 03:00 back to 02:00.
        Times("30 2 * * *", "2026-10-24T23:00:00Z", 2).ShouldBe(["2026-10-25T00:30Z", "2026-10-26T01:30Z"]);
        Times("30 * * * *", "2026-10-25T00:00:00Z", 3).ShouldBe(["2026-10-25T00:30Z", "2026-10-25T01:30Z", "2026-10-25T02:30Z"]);
    }

    [Fact]
    public void Next_MidnightThatIsLeftOut_RunsWhenTheDayBegins()
    {
        // Cairo, 24 April 2026: the clock goes from 00:00 to 01:00.
        var cairo = TimeZoneInfo.FindSystemTimeZoneById("Africa/Cairo");
        CronExpression.Parse("0 0 * * *").Next(DateTimeOffset.Parse("2026-04-23T12:00:00Z", null), cairo).ShouldBe(DateTimeOffset.Parse("2026-04-23T22:00:00Z", null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("* 24 * * *")]
    [InlineData("* * 0 * *")]
    [InlineData("* * * 13 *")]
    [InlineData("* * * * 8")]
    [InlineData("*/0 * * * *")]
    [InlineData("5-1 * * * *")]
    [InlineData("a * * * *")]
    [InlineData("-1 * * * *")]
    [InlineData("1,,2 * * * *")]
    [InlineData("0 9 * * * 2026")]
    public void Parse_NotAnExpression_SaysWhatIsAllowed(string cron) => Should.Throw<FormatException>(() => CronExpression.Parse(cron)).Message.ShouldNotBeEmpty();

    [Fact]
    public void Next_DayThatNeverComes_IsNull() => CronExpression.Parse("0 0 31 2 *").Next(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc).ShouldBeNull();

    [Fact]
    public void Next_AnyExpressionAndTime_LiesBehindOnAFullMinuteAndMissesNone()
    {
        var cases = from minute in Gen.Elements("*", "0", "*/7", "5,35", "10-20/5")
                    from hour in Gen.Elements("*", "0", "2", "*/6", "9-17")
                    from day in Gen.Elements("*", "1", "28-31", "*/10")
                    from weekday in Gen.Elements("*", "MON", "1-5", "0,6")
                    from start in Gen.Choose(0, 3 * 365 * 24 * 60)
                    select ($"{minute} {hour} {day} * {weekday}", DateTimeOffset.Parse("2025-01-01T00:00:00Z", null).AddMinutes(start));
        Prop.ForAll(cases.ToArbitrary(), example =>
        {
            var (text, after) = example;
            var cron = CronExpression.Parse(text);
            var next = cron.Next(after, Berlin)!.Value;
            next.ShouldBeGreaterThan(after);
            (next.UtcTicks % TimeSpan.TicksPerMinute).ShouldBe(0);
            // From any time in between the answer is the same.
            cron.Next(after + ((next - after) / 2), Berlin).ShouldBe(next);
        }).QuickCheckThrowOnFailure();
    }

    private static DateTimeOffset? Next(string cron, string after) => CronExpression.Parse(cron).Next(DateTimeOffset.Parse(after, null), Berlin);

    private static IEnumerable<string> Times(string cron, string after, int count) =>
        new TaskSchedule { Cron = cron, TimeZone = "Europe/Berlin" }.NextRuns(DateTimeOffset.Parse(after, null), count)
            .Select(time => time.ToString("yyyy-MM-dd'T'HH:mm'Z'", System.Globalization.CultureInfo.InvariantCulture));
}
