using System.Net;
using System.Text;
using AgentLab.Tests.Core.Workflows.Definition;

namespace AgentLab.Tests.Api.Workflows;

public sealed class HostileImportTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    [Fact]
    public async Task Import_TwoHundredHostileFiles_StoresNothingOfARefusedOneAndRunsNothing()
    {
        using var client = await fixture.App.SignInAsync(LabApp.Editor);
        var sessions = await CountAsync(client, "/api/v1/sessions?limit=100");
        var before = await CountAsync(client, "/api/v1/workflows?limit=100");
        var taken = 0;
        foreach (var (name, text) in HostileFiles.All)
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            content.Headers.ContentType = new("application/json");
            using var answer = await client.PostAsync($"/api/v1/workflows/import?name=Hostile%20{taken}", content);
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                HostileFiles.IsOnlyText(name).ShouldBeTrue($"{name} was let in");
                taken++;
                continue;
            }

            ((int)answer.StatusCode).ShouldBeInRange(400, 422, $"{name}: {await answer.Content.ReadAsStringAsync()}");
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json", name);
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("at AgentLab.", Case.Sensitive, name);
        }

        (await CountAsync(client, "/api/v1/workflows?limit=100")).ShouldBe(before + taken);
        (await CountAsync(client, "/api/v1/sessions?limit=100")).ShouldBe(sessions);
    }

    private static async Task<int> CountAsync(HttpClient client, string path)
    {
        using var list = await client.GetAsync(path);
        return (await list.JsonAsync()).GetProperty("items").GetArrayLength();
    }
}
