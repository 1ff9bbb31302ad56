using AgentLab.Web.Shared;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace AgentLab.Tests.Web.Shared;

public sealed class SharedComponentTests : BunitContext
{
    [Fact]
    public void BusyButton_PressedTwice_WorksOnce()
    {
        var gate = new TaskCompletionSource();
        var presses = 0;
        var button = Render<BusyButton>(p => p.Add(b => b.OnPress, () => { presses++; return gate.Task; }).AddChildContent("Save"));

        button.Find("button").Click();
        button.Find("button").Click();

        presses.ShouldBe(1);
        button.Find("button").GetAttribute("aria-busy").ShouldBe("true");
    }

    [Fact]
    public async Task BusyButton_AfterItsWork_CanBePressedAgain()
    {
        var button = Render<BusyButton>(p => p.Add(b => b.OnPress, () => Task.CompletedTask).AddChildContent("Save"));

        await button.Find("button").ClickAsync(new());

        button.Find("button").HasAttribute("aria-busy").ShouldBeFalse();
    }

    [Theory]
    [InlineData("Production", false)]
    [InlineData("Development", true)]
    public void RegionBoundary_PartThatThrows_SaysSoAndRecovers(string environment, bool trace)
    {
        Services.AddSingleton<IHostEnvironment>(new NamedEnvironment(environment));
        Services.AddLogging();
        Thrower.Broken = true;
        var region = Render<RegionBoundary>(p => p.Add(r => r.Name, "The timeline").AddChildContent<Thrower>());

        region.Find("[role=alert]").TextContent.ShouldContain("The timeline could not be shown.");
        region.Markup.Contains(nameof(InvalidOperationException), StringComparison.Ordinal).ShouldBe(trace);
        region.Markup.Contains("a secret of the stack", StringComparison.Ordinal).ShouldBe(trace);
        region.FindAll("dd code").Count.ShouldBe(2);

        Thrower.Broken = false;
        region.Find(".row button").Click();

        region.Markup.ShouldContain("works");
    }

    [Theory]
    [InlineData(Status.Running, "Running")]
    [InlineData(Status.NeedsPerson, "Needs you")]
    [InlineData(Status.Done, "Done")]
    [InlineData(Status.Failed, "Failed")]
    [InlineData(Status.Cancelled, "Stopped")]
    [InlineData(Status.Waiting, "Waiting")]
    public void StatusBadge_EachState_HasIconAndWord(Status status, string word)
    {
        var badge = Render<StatusBadge>(p => p.Add(b => b.Status, status));

        badge.Find("svg").InnerHtml.ShouldNotBeEmpty();
        badge.Find(".status").TextContent.ShouldBe(word);
    }

    [Fact]
    public void Icon_UnknownName_StillDraws() =>
        Render<Icon>(p => p.Add(i => i.Name, "no such icon")).Find("svg").InnerHtml.ShouldContain("circle");

    [Fact]
    public void MarkdownView_GrowingText_ReplacesTheLastBlockOnly()
    {
        var view = Render<MarkdownView>(p => p.Add(v => v.Text, "one\n\ntwo").Add(v => v.Growing, true));

        view.Render(p => p.Add(v => v.Text, "one\n\ntwo three").Add(v => v.Growing, true));

        view.FindAll("p").Select(p => p.TextContent).ShouldBe(["one", "two three"]);
    }

    private sealed class Thrower : ComponentBase
    {
        public static bool Broken { get; set; }

        protected override void BuildRenderTree(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder)
        {
            if (Broken)
            {
                throw new InvalidOperationException("a secret of the stack");
            }

            builder.AddContent(0, "works");
        }
    }

    private sealed class NamedEnvironment(string name) : IWebHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "AgentLab";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();

        public string WebRootPath { get; set; } = "/";

        public IFileProvider WebRootFileProvider { get; set; } = new NullFileProvider();
    }
}
