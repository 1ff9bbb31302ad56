using System.Text.Json;
using AgentLab.Core.Tasks;
using AgentLab.Core.Tasks.Schedules;

namespace AgentLab.Tests.Core.Tasks;

public sealed class TaskRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);

    private static readonly TaskDefinition Sound = new() { Title = "Sum up", Description = "Sum up the week's orders.", Agent = "analyst" };

    [Fact]
    public void Validate_BoundsOfTexts_AreThoseOfTrimmedTexts()
    {
        Faults(Sound with { Title = "  abc ", Description = $"\n{new string('x', 10)} " }).ShouldBeEmpty();
        Faults(Sound with { Title = new string('x', 500), Description = new string('x', 10_000) }).ShouldBeEmpty();
        Faults(Sound with { Title = " ab ", Description = $"{new string('x', 9)}   " }).ShouldBe(["title", "description"]);
        Faults(Sound with { Title = new string('x', 501), Description = new string('x', 10_001) }).ShouldBe(["title", "description"]);
        Faults(Sound with { Title = "two\nlines", Description = "null\0 character" }).ShouldBe(["title", "description"]);
        Faults(Sound with { Title = "half \ud83e", Description = "First line.\n\tSecond 🦉 line." }).ShouldBe(["title"]);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void Validate_Priority_IsOneToFive(int priority, bool sound) => Faults(Sound with { Priority = priority }).ShouldBe(sound ? [] : ["priority"]);

    [Fact]
    public void Validate_Worker_IsExactlyOne()
    {
        Faults(Sound with { Agent = " " }).ShouldBe(["agent"]);
        Faults(Sound with { Workflow = "digest" }).ShouldBe(["workflow"]);
        Faults(Sound with { Agent = null, Workflow = "digest" }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"a": [1, {"b": "ü"}]}""", true)]
    [InlineData("[1]", false)]
    [InlineData("\"text\"", false)]
    [InlineData("""{"a": 1, "a": 2}""", false)]
    [InlineData("""{"a": "\ud800"}""", false)]
    [InlineData("null", true)]
    public void Validate_Context_IsOneSoundObject(string json, bool sound) =>
        Faults(Sound with { Context = JsonElement.Parse(json) }).ShouldBe(sound ? [] : ["context"]);

    [Fact]
    public void Validate_LargeContext_IsRefused()
    {
        Faults(Sound with { Context = JsonElement.Parse($"{{\"a\": \"{new string('x', TaskRules.MostContext)}\"}}") }).ShouldBe(["context"]);
    }

    [Fact]
    public void Validate_Schedule_NamesEachFault()
    {
        Faults(Sound with { Schedule = new() { Cron = "0 9 * * *", TimeZone = "Europe/Berlin", Missed = MissedRun.Skip } }).ShouldBeEmpty();
        Faults(Sound with { Schedule = new() { Cron = "0 9 * *" } }).ShouldBe(["schedule.cron"]);
        Faults(Sound with { Schedule = new() { Cron = "0 9 31 2 *" } }).ShouldBe(["schedule.cron"]);
        Faults(Sound with { Schedule = new() { Cron = "0 9 * * *", At = Now } }).ShouldBe(["schedule.cron"]);
        Faults(Sound with { Schedule = new() { TimeZone = "Mars/Olympus" } }).ShouldBe(["schedule.timeZone"]);
        Faults(Sound with { Schedule = new() { TimeZone = "../../etc/passwd" } }).ShouldBe(["schedule.timeZone"]);
        Faults(Sound with { Schedule = new() { At = Now.AddYears(11) } }).ShouldBe(["schedule.at"]);
        Faults(Sound with { Schedule = new() { Missed = (MissedRun)9 } }).ShouldBe(["schedule.missed"]);
        Faults(Sound with { TimeLimit = 0 }).ShouldBe(["timeLimit"]);
    }

    [Fact]
    public void PauseAfter_EachTry_DoublesUpToTheLongestWithJitterDownwards()
    {
        var options = new TaskOptions();

        options.PauseAfter(1, 1).ShouldBe(TimeSpan.FromSeconds(5));
        options.PauseAfter(1, 0).ShouldBe(TimeSpan.FromSeconds(2.5));
        options.PauseAfter(3, 1).ShouldBe(TimeSpan.FromSeconds(20));
        options.PauseAfter(19, 1).ShouldBe(TimeSpan.FromMinutes(10));
        options.Faults().ShouldBeEmpty();
        new TaskOptions { Attempts = 0, Ageing = TimeSpan.Zero }.Faults().Count().ShouldBe(2);
    }

    private static List<string?> Faults(TaskDefinition definition) => [.. TaskRules.Validate(definition, Now).Select(fault => fault.Field)];
}
