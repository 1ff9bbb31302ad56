using AgentLab.Core.Sessions;
using AgentLab.Core.Sessions.Events;

namespace AgentLab.Tests.Api.Docs;

public sealed class EventsDocumentTests
{
    [Fact]
    public void EventsDocument_FromCatalog_IsUpToDate() => DocFiles.ShouldMatch("docs/events.md", EventsDocument.Render());

    [Fact]
    public void Catalog_EveryEventRecord_IsRegistered()
    {
        var records = typeof(EventData).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(EventData)));

        records.ShouldBe(EventCatalog.All.Select(k => k.DataType), ignoreOrder: true);
        EventCatalog.All.Select(k => k.Type).ShouldBeUnique();
    }
}
