using System.Net;
using System.Text;
using System.Text.Json;
using AgentLab.Tests.Api.Docs;

namespace AgentLab.Tests.Api.Workflows;

/// <summary>Every route of workflows: described, documented, and telling each field of a request that cannot be.</summary>
public sealed class BadInputTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    private const string Definition = """
        {"format": "agentlab.workflow/1", "name": "NAME", "input": {"type": "object", "properties": {"order": {"type": "integer"}, "mail": {"type": "string", "format": "email"}}, "required": ["order"]},
         "nodes": [{"id": "start", "kind": "manual_trigger", "name": "Start"}]}
        """;

    private static readonly string[] Routes =
    [
        "GET /api/v1/workflows", "POST /api/v1/workflows", "GET /api/v1/workflows/{workflow}", "PUT /api/v1/workflows/{workflow}", "DELETE /api/v1/workflows/{workflow}",
        "POST /api/v1/workflows/import", "GET /api/v1/workflows/{workflow}/export", "POST /api/v1/workflows/{workflow}/duplicate", "POST /api/v1/workflows/{workflow}/publish",
        "POST /api/v1/workflows/{workflow}/active", "POST /api/v1/workflows/{workflow}/offered", "GET /api/v1/workflows/{workflow}/versions", "GET /api/v1/workflows/{workflow}/versions/{version}",
        "POST /api/v1/workflows/{workflow}/versions/{version}/restore", "POST /api/v1/workflows/{workflow}/runs", "GET /api/v1/workflows/{workflow}/runs",
        "POST /api/v1/workflows/{workflow}/builder/messages", "GET /api/v1/workflows/{workflow}/builder/messages", "GET /api/v1/runs/{run}", "GET /api/v1/runs/{run}/nodes",
        "POST /api/v1/runs/{run}/cancel", "GET /api/v1/approvals", "GET /api/v1/approvals/{approval}", "POST /api/v1/approvals/{approval}/decision", "GET /api/v1/node-kinds",
        "GET /api/v1/action-blocks", "POST /api/v1/action-blocks", "GET /api/v1/action-blocks/{block}", "PUT /api/v1/action-blocks/{block}", "DELETE /api/v1/action-blocks/{block}",
        "GET /api/v1/secrets",
    ];

    [Fact]
    public async Task Routes_OfWorkflows_AreInTheDescriptionAndInTheDocument()
    {
        using var client = await fixture.App.SignInAsync();
        var paths = JsonElement.Parse(await client.GetStringAsync("/openapi/v1.json")).GetProperty("paths");
        var described = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name.TrimEnd('/')}")).ToList();
        var document = DocFiles.Read("docs/workflows-api.md");

        Routes.Except(described).ShouldBeEmpty();
        described.Where(route => route.Contains("/workflows", StringComparison.Ordinal) || route.Contains("/runs/", StringComparison.Ordinal)).Except(Routes).ShouldBeEmpty();
        foreach (var last in Routes.Select(route => route.Split('/').Last(part => !part.StartsWith('{'))).Distinct())
        {
            document.ShouldContain(last);
        }
    }

    [Fact]
    public async Task BadInput_OnEveryRoute_NamesEachField()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var name = $"Bad input {Guid.NewGuid():N}";
        using var made = await client.PostAsync("/api/v1/workflows/import", Json(Definition.Replace("NAME", name, StringComparison.Ordinal)));
        var path = $"/api/v1/workflows/{(await made.JsonAsync()).Text("id")}";
        using var published = await client.PostAsync($"{path}/publish", null);
        published.StatusCode.ShouldBe(HttpStatusCode.OK, await published.Content.ReadAsStringAsync());

        var wrong = new List<string>();
        foreach (var (request, body, fields) in Cases(path))
        {
            var (method, address) = (request.Split(' ')[0], request.Split(' ')[1]);
            using var message = new HttpRequestMessage(new HttpMethod(method), address) { Content = body is null ? null : Json(body) };
            if (fields.Contains("Idempotency-Key"))
            {
                message.Headers.Add("Idempotency-Key", new string('k', 256));
            }

            using var response = await client.SendAsync(message);
            var text = await response.Content.ReadAsStringAsync();
            var named = response.StatusCode == HttpStatusCode.BadRequest && JsonElement.Parse(text).TryGetProperty("errors", out var errors)
                ? errors.EnumerateObject().Select(error => error.Name).ToHashSet()
                : [];
            if (!fields.All(named.Contains))
            {
                wrong.Add($"{request} {body}: wanted {string.Join(", ", fields)}, was {(int)response.StatusCode} {text}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    private static IEnumerable<(string Request, string? Body, string[] Fields)> Cases(string path) =>
    [
        ("GET /api/v1/workflows?limit=0", null, ["limit"]),
        ("GET /api/v1/workflows?limit=101&cursor=x", null, ["limit"]),
        ("GET /api/v1/workflows?cursor=x", null, ["cursor"]),
        ("GET /api/v1/workflows?limit=many", null, ["limit"]),
        ("GET /api/v1/workflows?project=x", null, ["project"]),
        ("POST /api/v1/workflows", "{}", ["name"]),
        ("POST /api/v1/workflows", $$"""{"name": "{{new string('n', 101)}}"}""", ["name"]),
        ("POST /api/v1/workflows", """{"name": 5}""", ["name"]),
        ("POST /api/v1/workflows", """{"definition": 5}""", ["format"]),
        ("POST /api/v1/workflows", """{"definition": {"format": "agentlab.workflow/1"}}""", ["name"]),
        ("POST /api/v1/workflows", """{"definition": {"format": "agentlab.workflow/1", "name": "a", "nodes": [{"id": "a", "kind": "shell", "name": "A"}, {"id": "b", "kind": "limit", "name": "B", "settings": {"evil": 1} }]}}""", ["nodes.a.kind", "nodes.b.settings/evil"]),
        ("POST /api/v1/workflows", """{"name": "a"}""", ["Idempotency-Key"]),
        ("POST /api/v1/workflows", "{", ["body"]),
        ("POST /api/v1/workflows/import", "[]", ["format"]),
        ("POST /api/v1/workflows/import", """{"format": "agentlab.workflow/1", "name": "a", "nodes": 5, "extra": 1}""", ["nodes", "extra"]),
        ($"POST /api/v1/workflows/import?name={new string('n', 101)}", """{"format": "agentlab.workflow/1", "name": "a"}""", ["name"]),
        ($"PUT {path}", "{}", ["definition", "revision"]),
        ($"PUT {path}", """{"definition": {}, "revision": "x"}""", ["revision"]),
        ($"PUT {path}", """{"definition": {"format": "agentlab.workflow/1", "name": ""}, "revision": 1}""", ["name"]),
        ($"GET {path}/export?version=x", null, ["version"]),
        ($"POST {path}/duplicate", $$"""{"name": "{{new string('n', 101)}}"}""", ["name"]),
        ($"POST {path}/publish", $$"""{"note": "{{new string('n', 501)}}"}""", ["note"]),
        ($"POST {path}/publish", """{"revision": "x"}""", ["revision"]),
        ($"POST {path}/active", "{}", ["active"]),
        ($"POST {path}/offered", "{}", ["offered"]),
        ($"POST {path}/active", """{"active": "yes"}""", ["active"]),
        ($"GET {path}/versions?limit=0", null, ["limit"]),
        ($"GET {path}/versions?cursor=x", null, ["cursor"]),
        ($"POST {path}/versions/1/restore", """{"revision": "x"}""", ["revision"]),
        ($"POST {path}/runs?wait=31", "{}", ["wait"]),
        ($"POST {path}/runs?wait=x", "{}", ["wait"]),
        ($"POST {path}/runs", "{}", ["input.order"]),
        ($"POST {path}/runs", """{"input": {"order": "x", "mail": "y"}}""", ["input.order", "input.mail"]),
        ($"POST {path}/runs", """{"input": [1]}""", ["input"]),
        ($"POST {path}/runs", """{"version": "x"}""", ["version"]),
        ($"POST {path}/runs", """{"dryRun": "x"}""", ["dryRun"]),
        ($"POST {path}/runs", """{"input": {"order": 1}}""", ["Idempotency-Key"]),
        ($"GET {path}/runs?status=odd&limit=0", null, ["status", "limit"]),
        ($"GET {path}/runs?cursor=x", null, ["cursor"]),
        ($"POST {path}/builder/messages", "{}", ["message"]),
        ($"POST {path}/builder/messages", $$"""{"message": "{{new string('m', 5_001)}}", "selection": ["{{new string('i', 51)}}"]}""", ["message", "selection"]),
        ($"POST {path}/builder/messages", """{"message": "wait 2 hours", "revision": "x"}""", ["revision"]),
        ($"POST {path}/builder/messages", """{"message": "wait 2 hours", "selection": "x"}""", ["selection"]),
        ($"POST {path}/builder/messages", """{"message": "wait 2 hours"}""", ["Idempotency-Key"]),
        ($"GET /api/v1/runs/{Guid.Empty}/nodes?limit=0", null, ["limit"]),
        ("GET /api/v1/approvals?status=odd&limit=0&cursor=x", null, ["status", "limit", "cursor"]),
        ($"POST /api/v1/approvals/{Guid.Empty}/decision", "{}", ["decision", "hash"]),
        ("GET /api/v1/action-blocks?limit=0", null, ["limit"]),
        ("POST /api/v1/action-blocks", """{"name": "", "kind": "teapot"}""", ["name", "kind"]),
        ("POST /api/v1/action-blocks", """{"name": "a", "kind": "limit", "settings": {"count": "x", "evil": 1}}""", ["settings/count", "settings/evil"]),
        ("POST /api/v1/sessions", """{"message": "x", "workflow": 5}""", ["workflow"]),
        ($"POST /api/v1/sessions/{Guid.Empty}/notes", "{}", ["text"]),
        ($"POST /api/v1/sessions/{Guid.Empty}/notes", """{"text": 5}""", ["text"]),
    ];

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
