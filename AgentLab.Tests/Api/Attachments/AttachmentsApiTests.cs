using System.Net;
using System.Net.Http.Json;
using System.Text;

namespace AgentLab.Tests.Api.Attachments;

public sealed class AttachmentsApiTests(SpokenApp fixture) : IClassFixture<SpokenApp>
{
    private const string Table = "city,people\nBasel,170000\nBern,130000\n";

    [Fact]
    public async Task Upload_AsForm_CanBeSentWithAMessage()
    {
        using var client = await fixture.App.SignInAsync();
        using var form = new MultipartFormDataContent { { new StringContent(Table, Encoding.UTF8, "text/csv"), "file", "cities.csv" } };

        using var uploaded = await client.PostAsync("/api/v1/attachments", form);
        var file = await uploaded.JsonAsync();
        using var started = await client.PostAsJsonAsync(
            "/api/v1/sessions?wait=30", new { agent = "analyst", message = "How many people live in each city?", attachments = new[] { file.Text("id") } });
        var id = (await started.JsonAsync()).Text("id");
        using var blob = await client.GetAsync($"/api/v1/sessions/{id}/blobs/{file.Text("hash")}");

        uploaded.StatusCode.ShouldBe(HttpStatusCode.Created);
        file.Text("name").ShouldBe("cities.csv");
        started.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await blob.Content.ReadAsStringAsync()).ShouldBe(Table);
        blob.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
    }

    [Fact]
    public async Task Upload_AsBytesUnderAKeyTwice_IsOneFile()
    {
        using var client = await fixture.App.SignInAsync();

        using var first = await client.SendAsync(Request("k-1", Table));
        using var second = await client.SendAsync(Request("k-1", Table));
        using var other = await client.SendAsync(Request("k-1", Table + "Chur,38000\n"));

        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await second.JsonAsync()).Text("id").ShouldBe((await first.JsonAsync()).Text("id"));
        other.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Upload_OfWhatIsNotAllowed_IsRefused()
    {
        using var client = await fixture.App.SignInAsync();
        using var none = new MultipartFormDataContent { { new StringContent("x"), "text" } };

        using var program = await client.PostAsync("/api/v1/attachments?name=evil.exe", new ByteArrayContent([0x4d, 0x5a, 0, 1]));
        using var nameless = await client.PostAsync("/api/v1/attachments", new ByteArrayContent([1]));
        using var empty = await client.PostAsync("/api/v1/attachments", none);

        foreach (var response in new[] { program, nameless, empty })
        {
            response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await response.JsonAsync()).Text("code").ShouldBe("invalid");
        }
    }

    [Fact]
    public async Task Bodies_OverTheirLimit_AreRefusedWhereAFileOfThatSizeIsTaken()
    {
        using var client = await fixture.App.SignInAsync();
        var megabytes = string.Concat(Enumerable.Repeat("Basel,170000\n", 200_000));

        using var file = await client.SendAsync(Request(null, megabytes));
        using var message = await client.PostAsJsonAsync("/api/v1/sessions", new { agent = "analyst", message = megabytes });
        using var login = await client.PostAsJsonAsync("/api/v1/auth/login", new { email = megabytes, password = "x" });

        file.StatusCode.ShouldBe(HttpStatusCode.Created);
        message.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        login.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Attachment_OfAnother_CannotBeSent()
    {
        using var owner = await fixture.App.SignInAsync(LabApp.Editor);
        using var stranger = await fixture.App.SignInAsync(LabApp.Other);
        using var uploaded = await owner.SendAsync(Request(null, Table));

        using var response = await stranger.PostAsJsonAsync(
            "/api/v1/sessions", new { agent = "analyst", message = "What is in it?", attachments = new[] { (await uploaded.JsonAsync()).Text("id") } });

        ((int)response.StatusCode).ShouldBeInRange(400, 404);
    }

    private static HttpRequestMessage Request(string? key, string content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/attachments?name=cities.csv") { Content = new StringContent(content, Encoding.UTF8, "text/csv") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return request;
    }
}
