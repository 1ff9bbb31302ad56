using AgentLab.Core.Models;
using AgentLab.Tests.Fakes;
using AgentLab.Web.Features.Lab;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace AgentLab.Tests.Web.Lab;

public sealed class ProviderNoticeTests : BunitContext
{
    private readonly ManualTimeProvider _time = new();
    private readonly Board _board = new();

    public ProviderNoticeTests()
    {
        DefaultWaitTimeout = TimeSpan.FromSeconds(60);
        Services.AddSingleton<TimeProvider>(_time);
        Services.AddSingleton<IProviderHealth>(_board);
        Renderer.SetRendererInfo(new RendererInfo("Server", isInteractive: true));
    }

    [Fact]
    public void Render_AllProvidersWell_ShowsNothing()
    {
        _board.Set(new ProviderHealth("good", CircuitState.Closed, _time.GetUtcNow()));

        Render<ProviderNotice>().Markup.Trim().ShouldBeEmpty();
        _time.PendingTimers.ShouldBe(0);
    }

    [Fact]
    public void Render_ProviderThatFails_CountsDownToTheNextTryAndGoesWhenItIsBack()
    {
        var notice = Render<ProviderNotice>();

        _board.Set(new ProviderHealth("openai", CircuitState.Open, _time.GetUtcNow(), _time.GetUtcNow().AddSeconds(8), "It answered 503.", "unavailable"));

        notice.WaitForAssertion(() => Words(notice).ShouldBe("openai is unavailable, trying again in 8 s. It answered 503."));
        notice.Find("[role=status] a").GetAttribute("href").ShouldBe("/settings/providers");
        _time.Advance(TimeSpan.FromSeconds(3));
        notice.WaitForAssertion(() => Words(notice).ShouldBe("openai is unavailable, trying again in 5 s. It answered 503."));
        _time.Advance(TimeSpan.FromSeconds(6));
        notice.WaitForAssertion(() => Words(notice).ShouldBe("openai is unavailable. It answered 503."));

        _board.Set(new ProviderHealth("openai", CircuitState.Closed, _time.GetUtcNow()));

        notice.WaitForAssertion(() => notice.FindAll("[role=status]").ShouldBeEmpty());
        _time.PendingTimers.ShouldBe(0, "nothing is counted any more");
    }

    [Fact]
    public void Render_CallThatWaitsToRetry_IsShownForEachProviderAndAsText()
    {
        _board.Set(new ProviderHealth("one", CircuitState.Closed, _time.GetUtcNow(), _time.GetUtcNow().AddSeconds(2), "<script>alert(1)</script>"));
        _board.Set(new ProviderHealth("two", CircuitState.HalfOpen, _time.GetUtcNow()));

        var notice = Render<ProviderNotice>();

        notice.FindAll("[role=status] strong").Select(s => s.TextContent).ShouldBe(["one", "two"]);
        notice.FindAll("script").ShouldBeEmpty();
    }

    [Fact]
    public async Task Dispose_EndsItsWatch()
    {
        Render<ProviderNotice>();
        _board.Watchers.ShouldBe(1);

        await DisposeComponentsAsync();

        _board.Watchers.ShouldBe(0);
    }

    private static string Words(IRenderedComponent<ProviderNotice> notice) =>
        string.Join(' ', notice.Find(".notice .grow").TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private sealed class Board : IProviderHealth
    {
        private readonly Dictionary<string, ProviderHealth> _all = [];
        private readonly List<Action<ProviderHealth>> _watchers = [];

        public int Watchers => _watchers.Count;

        public void Set(ProviderHealth health)
        {
            _all[health.ProviderId] = health;
            _watchers.ForEach(watcher => watcher(health));
        }

        public IReadOnlyList<ProviderHealth> List() => [.. _all.Values];

        public ProviderHealth Get(string providerId) => _all[providerId];

        public IDisposable Subscribe(Action<ProviderHealth> onChange)
        {
            _watchers.Add(onChange);
            return new Watch(() => _watchers.Remove(onChange));
        }

        private sealed class Watch(Action end) : IDisposable
        {
            public void Dispose() => end();
        }
    }
}
