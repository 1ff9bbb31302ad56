using AgentLab.Core.Tools.Documents;

namespace AgentLab.Tests.Core.Tools.Documents;

public sealed class DocumentSearchTests
{
    private const string Guide = """
        # The guide
        Welcome to the lab.

        ## Stopping a run
        Press stop. The run ends with its last step.
        ```bash
        # not a heading
        stop --now
        ```
        ### From the API
        Send a POST to the session.

        ## Streams
        A stream resumes where it was cut.
        """;

    private static readonly IReadOnlyList<DocumentSection> Sections =
    [
        .. MarkdownSections.Split("docs/guide.md", Guide),
        .. MarkdownSections.Split("docs/plain.md", "No heading at all, only a word on cables."),
    ];

    [Fact]
    public void Split_Headings_MakeSectionsWithTheirTrail()
    {
        Sections.Select(section => (section.Path, section.Title, section.Section)).ShouldBe(
        [
            ("docs/guide.md", "The guide", ""),
            ("docs/guide.md", "The guide", "Stopping a run"),
            ("docs/guide.md", "The guide", "Stopping a run › From the API"),
            ("docs/guide.md", "The guide", "Streams"),
            ("docs/plain.md", "plain.md", ""),
        ]);
        Sections[1].Text.ShouldContain("# not a heading");
    }

    [Theory]
    [InlineData("How do I stop a run?", "Stopping a run")]
    [InlineData("resuming streams", "Streams")]
    [InlineData("API post", "Stopping a run › From the API")]
    [InlineData("cable", "")]
    public void Search_Question_PutsTheFittingSectionFirst(string query, string section) =>
        new DocumentIndex(Sections).Search(query, 5)[0].Section.Section.ShouldBe(section);

    [Theory]
    [InlineData("zebra")]
    [InlineData("the of and")]
    [InlineData("?!")]
    public void Search_NothingFits_FindsNothing(string query) => new DocumentIndex(Sections).Search(query, 5).ShouldBeEmpty();

    [Fact]
    public void Search_LongSection_ShowsTheStretchThatFits()
    {
        var text = string.Concat(Enumerable.Repeat("filler words here ", 100)) + "the needle sits here " + string.Concat(Enumerable.Repeat("more filler ", 100));

        var hit = new DocumentIndex([new DocumentSection("a.md", "A", "", text)]).Search("needle", 1)[0];

        hit.Snippet.ShouldContain("needle");
        hit.Snippet.Length.ShouldBeLessThan(340);
    }

    [Fact]
    public async Task Tool_OverSections_AnswersWithTitleSectionSnippetPath()
    {
        var tool = DocumentSearchTool.Create(() => new DocumentSearchTool(new DocumentIndex(Sections)));

        var result = await ToolCalls.ResultAsync(tool, """{"query":"stop","limit":1}""");

        var hit = result.GetProperty("results").EnumerateArray().ShouldHaveSingleItem();
        hit.GetProperty("title").GetString().ShouldBe("The guide");
        hit.GetProperty("section").GetString().ShouldBe("Stopping a run");
        hit.GetProperty("path").GetString().ShouldBe("docs/guide.md");
        hit.GetProperty("snippet").GetString()!.ShouldContain("Press stop.");
    }

    [Fact]
    public void ReadEmbedded_EveryDocumentOfTheRepository_IsThere()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "AgentLab.sln")))
        {
            root = root.Parent;
        }

        var docs = Path.Combine(root!.FullName, "docs");
        var wanted = Directory.Exists(docs)
            ? Directory.EnumerateFiles(docs, "*.md", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root.FullName, file).Replace('\\', '/'))
            : [];

        var embedded = DocumentSearchTool.ReadEmbedded().Select(section => section.Path).ToHashSet();

        wanted.ShouldAllBe(path => embedded.Contains(path));
    }
}
