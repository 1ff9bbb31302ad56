using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace AgentLab.Tests.Browser;

/// <summary>Two people at one workflow at the same time: different things merge, the same thing is refused with what changed, and nothing is overwritten.</summary>
[Collection(BrowserTests.Name)]
public sealed class WorkflowTwoTests(BrowserFixture browser)
{
    [Fact]
    public async Task SameNameOfTheSameNode_AtTheSameRevision_TheSecondIsRefusedWithWhatChanged()
    {
        await using var pair = await PairAsync("Same name");
        pair.Line.Hold();
        await RenameAsync(pair.Mine, "Mine");
        await Assertions.Expect(pair.Mine.Node("Mine")).ToBeVisibleAsync();
        await RenameAsync(pair.Theirs, "Theirs");
        await pair.Theirs.DraftAsync(draft => draft.Nodes[2].Name == "Theirs");
        pair.Line.Release();

        var notice = pair.Mine.Page.Locator(".canvas-area .notice");
        await Assertions.Expect(notice).ToContainTextAsync("Rename Set 2 to Mine could not be kept");
        await Assertions.Expect(notice).ToContainTextAsync("Someone else changed name of \"Theirs\" since");
        await Assertions.Expect(pair.Mine.Node("Theirs")).ToBeVisibleAsync();
        await Assertions.Expect(pair.Mine.Page.Locator(".step.selected .step-name")).ToHaveTextAsync("Theirs");
        (await pair.Mine.DraftAsync()).Draft.Nodes[2].Name.ShouldBe("Theirs");
        (await pair.Mine.DraftAsync()).Revision.ShouldBe(2);
        await pair.One.ShootAsync("two-conflict");

        // What was refused is no step to undo, and the next gesture goes through.
        await notice.GetByRole(AriaRole.Button, new() { Name = "Dismiss" }).ClickAsync();
        await pair.Mine.Node("Theirs").ClickAsync();
        await pair.Mine.PressAsync("d");
        await pair.Mine.DraftAsync(draft => draft.Nodes[2] is { Disabled: true, Name: "Theirs" });
        await Assertions.Expect(pair.Theirs.Page.Locator(".step.off .step-name")).ToHaveTextAsync("Theirs");
        pair.ShouldBeClean();
    }

    [Fact]
    public async Task DifferentNodes_AndDifferentFieldsOfOne_AtTheSameRevision_Merge()
    {
        await using var pair = await PairAsync("Different nodes");
        pair.Line.Hold();
        await pair.Mine.Node("Set 1").ClickAsync();
        await pair.Mine.PressAsync("d");
        await pair.Mine.Node("Set 2").ClickAsync();
        await pair.Mine.PressAsync("Alt+ArrowDown", "d");
        await RenameAsync(pair.Theirs, "Theirs");
        await pair.Theirs.DraftAsync(draft => draft.Nodes[2].Name == "Theirs");
        pair.Line.Release();

        var merged = await pair.Mine.DraftAsync(draft => draft.Nodes[1].Disabled && draft.Nodes[2] is { Disabled: true, Y: 16 });
        merged.Nodes[2].Name.ShouldBe("Theirs");
        foreach (var desk in (WorkflowDesk[])[pair.Mine, pair.Theirs])
        {
            await Assertions.Expect(desk.Page.Locator(".step.off .step-name")).ToHaveTextAsync(["Set 1", "Theirs"]);
            await Assertions.Expect(desk.Page.Locator(".canvas-area .notice")).ToHaveCountAsync(0);
        }

        pair.ShouldBeClean();
    }

    private static async Task RenameAsync(WorkflowDesk desk, string name)
    {
        await desk.Node("Set 2").ClickAsync();
        await desk.PressAsync("F2");
        await desk.TypeAsync(name);
        await desk.PressAsync("Enter");
    }

    private async Task<Pair> PairAsync(string name, string query = "?panel=none")
    {
        var one = await browser.VisitAsync(width: 1440, height: 900);
        var other = await browser.VisitAsync(width: 1440, height: 900);
        var line = await HeldLine.OnAsync(one);
        var mine = await WorkflowDesk.OpenAsync(one, browser.App, WorkflowDesk.Row(name, 2), query);
        var theirs = new WorkflowDesk(other, browser.App);
        await theirs.OpenAsync(mine.Slug, query);
        foreach (var desk in (WorkflowDesk[])[mine, theirs])
        {
            // Each sees that the other is there.
            await Assertions.Expect(desk.Page.Locator(".people .face")).ToHaveCountAsync(1);
        }

        return new Pair(one, other, line, mine, theirs);
    }

    private sealed record Pair(Visitor One, Visitor Other, HeldLine Line, WorkflowDesk Mine, WorkflowDesk Theirs) : IAsyncDisposable
    {
        public void ShouldBeClean()
        {
            One.ShouldBeClean();
            Other.ShouldBeClean();
        }

        public async ValueTask DisposeAsync()
        {
            await One.DisposeAsync();
            await Other.DisposeAsync();
        }
    }

    /// <summary>The line of a page's circuit, which can be kept from reaching the server for a while: everything comes later, nothing is lost.</summary>
    private sealed class HeldLine
    {
        private const int HeartbeatBytes = 3;

        private readonly Lock _lock = new();
        private readonly Queue<Action> _waiting = new();
        private bool _held;

        public static async Task<HeldLine> OnAsync(Visitor visitor)
        {
            var line = new HeldLine();
            await visitor.Page.RouteWebSocketAsync(new Regex("_blazor"), socket =>
            {
                var server = socket.ConnectToServer();
                socket.OnMessage(frame => line.Pass(frame, () =>
                {
                    if (frame.Binary is { } bytes)
                    {
                        server.Send(bytes);
                    }
                    else
                    {
                        server.Send(frame.Text!);
                    }
                }));
            });
            return line;
        }

        public void Hold()
        {
            lock (_lock)
            {
                _held = true;
            }
        }

        public void Release()
        {
            lock (_lock)
            {
                _held = false;
                while (_waiting.TryDequeue(out var send))
                {
                    send();
                }
            }
        }

        private void Pass(IWebSocketFrame frame, Action send)
        {
            lock (_lock)
            {
                // The heartbeat goes on: without it the line would be given up.
                if (_held && (frame.Binary?.Length ?? frame.Text!.Length) > HeartbeatBytes)
                {
                    _waiting.Enqueue(send);
                }
                else
                {
                    send();
                }
            }
        }
    }
}
