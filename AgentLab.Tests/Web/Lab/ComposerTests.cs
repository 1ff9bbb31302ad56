using AgentLab.Core;
using AgentLab.Core.Sessions;
using AgentLab.Data.Attachments;
using AgentLab.Web.Features.Lab;
using Bunit;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Web.Lab;

public sealed class ComposerTests : BunitContext
{
    private readonly List<ComposedMessage> _sent = [];
    private TaskCompletionSource<LabError?> _answer = new();

    private readonly List<string> _uploaded = [];

    public ComposerTests()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.Configure<AttachmentOptions>(options => options.AttachmentBytes = 10);
    }

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

    [Fact]
    public void Attach_FileOverTheConfiguredBytes_IsRefusedUnread()
    {
        var composer = ShowWithFiles();

        composer.FindComponent<InputFile>().UploadFiles(
            InputFileContent.CreateFromText("0123456789", "fits.txt"), InputFileContent.CreateFromText("0123456789a", "large.txt"));

        composer.WaitForAssertion(() => composer.Find("[role=alert]").TextContent.ShouldContain("large.txt: A file has at most 10"));
        _uploaded.ShouldBe(["fits.txt"]);
    }

    [Fact]
    public void Attach_MoreFilesThanAMessageTakes_IsRefused()
    {
        var composer = ShowWithFiles();

        composer.FindComponent<InputFile>().UploadFiles(
            InputFileContent.CreateFromText("a", "a.txt"), InputFileContent.CreateFromText("b", "b.txt"), InputFileContent.CreateFromText("c", "c.txt"));

        composer.WaitForAssertion(() => composer.Find("[role=alert]").TextContent.ShouldContain("at most 2 files"));
        _uploaded.ShouldBeEmpty();
    }

    private IRenderedComponent<Composer> ShowWithFiles() => Render<Composer>(p => p.Add(c => c.OnSend, Send).Add(c => c.MaxFiles, 2).Add(c => c.Attachments, Upload));

    private Task<Outcome<Attachment>> Upload(string name, string type, Stream content, CancellationToken cancellationToken)
    {
        _uploaded.Add(name);
        return Task.FromResult(Outcome<Attachment>.Failure(new LabError("unavailable", "Not kept here.")));
    }

    private IRenderedComponent<Composer> Show() => Render<Composer>(p => p.Add(c => c.OnSend, Send));

    private Task<LabError?> Send(ComposedMessage message)
    {
        _sent.Add(message);
        return _answer.Task;
    }
}
