using AgentLab.Core;
using AgentLab.Web.Features.Lab;
using Bunit;

namespace AgentLab.Tests.Web.Lab;

public sealed class ComposerTests : BunitContext
{
    private readonly List<ComposedMessage> _sent = [];
    private TaskCompletionSource<LabError?> _answer = new();

    public ComposerTests() => JSInterop.Mode = JSRuntimeMode.Loose;

    [Fact]
    public void Send_Empty_IsNotPossible()
    {
        var composer = Show();
        composer.Find("[type=submit]").HasAttribute("disabled").ShouldBeTrue();

        composer.Find("textarea").Input("   ");

        composer.Find("[type=submit]").HasAttribute("disabled").ShouldBeTrue();
        composer.Find("form").Submit();
        _sent.ShouldBeEmpty();
    }

    [Fact]
    public void Send_TooLong_IsRefusedWithACount()
    {
        var composer = Show();

        composer.Find("textarea").Input(new string('x', 5001));
        composer.Find("form").Submit();

        _sent.ShouldBeEmpty();
        composer.Find(".counter").TextContent.ShouldBe("5,001 of 5,000");
        composer.Find("[role=alert]").TextContent.ShouldContain("at most 5,000 characters");
    }

    [Fact]
    public void Send_Twice_IsOneMessage()
    {
        var composer = Show();
        composer.Find("textarea").Input(" hello ");

        composer.Find("form").Submit();
        composer.Find("form").Submit();

        _sent.ShouldHaveSingleItem().Text.ShouldBe("hello");
        composer.Find("[type=submit]").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public async Task Send_Refused_KeepsTheTextAndItsKey()
    {
        var composer = Show();
        composer.Find("textarea").Input("hello");
        composer.Find("form").Submit();
        await composer.InvokeAsync(() => _answer.SetResult(new LabError("unavailable", "Try again in a moment.", true)));
        composer.WaitForAssertion(() => composer.Find("[role=alert]").TextContent.ShouldContain("Try again in a moment."));

        _answer = new();
        composer.Find("form").Submit();

        _sent.Count.ShouldBe(2);
        _sent[1].Key.ShouldBe(_sent[0].Key);
    }

    [Fact]
    public async Task Send_Landed_StartsAnewUnderAnotherKey()
    {
        var composer = Show();
        composer.Find("textarea").Input("one");
        composer.Find("form").Submit();
        await composer.InvokeAsync(() => _answer.SetResult(null));
        composer.WaitForAssertion(() => JSInterop.VerifyInvoke("lab.composer.clear"));

        _answer = new();
        composer.Find("textarea").Input("two");
        composer.Find("form").Submit();

        _sent[1].Key.ShouldNotBe(_sent[0].Key);
    }

    [Fact]
    public void Send_WhileARunGoesOn_IsNotPossible()
    {
        var stopped = 0;
        var composer = Render<Composer>(p => p.Add(c => c.OnSend, Send).Add(c => c.Ready, false).Add(c => c.OnStop, () => { stopped++; return Task.CompletedTask; }));
        composer.Find("textarea").Input("hello");

        composer.Find("[type=submit]").HasAttribute("disabled").ShouldBeTrue();
        composer.Find("[title='Stop the run']").Click();

        stopped.ShouldBe(1);
        _sent.ShouldBeEmpty();
    }

    private IRenderedComponent<Composer> Show() => Render<Composer>(p => p.Add(c => c.OnSend, Send));

    private Task<LabError?> Send(ComposedMessage message)
    {
        _sent.Add(message);
        return _answer.Task;
    }
}
