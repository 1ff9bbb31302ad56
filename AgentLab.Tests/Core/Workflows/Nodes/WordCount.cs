using AgentLab.Core.Workflows.Expressions;
using AgentLab.Core.Workflows.Nodes;

namespace AgentLab.Tests.Core.Workflows.Nodes;

/// <summary>word_count: how many words a text has.</summary>
internal sealed class WordCount : PureKind
{
    public override NodeDescription Description { get; } = new()
    {
        Kind = "word_count",
        Title = "Count words",
        Group = NodeGroups.Data,
        Summary = "Counts the words of a text.",
        Help = "Words are split at blanks. Out goes `{\"words\": 12, \"enough\": true}`; **enough** says whether there are at least as many as you ask for.",
        Icon = "M4 6h16M4 12h10M4 18h6M18 15v5M15.5 17.5h5",
        Keywords = ["text", "length", "words"],
        Settings = JsonOutput.Parse("""
            {
              "type": "object",
              "properties": {
                "text": { "type": "string", "title": "Text", "default": "{{data}}", "x-control": "multiline" },
                "least": { "type": "integer", "title": "At least", "minimum": 0, "default": 1 }
              },
              "additionalProperties": false
            }
            """),
        Example = JsonOutput.Parse("""{"text": "{{data.summary}}", "least": 20}"""),
    };

    protected override NodeResult Run(NodeCall call)
    {
        var words = call.Settings.Text("text"u8, string.Empty).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        var output = JsonOutput.Build((words, call.Settings.Whole("least"u8, 1)), static (writer, it) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("words"u8, it.words);
            writer.WriteBoolean("enough"u8, it.words >= it.Item2);
            writer.WriteEndObject();
        });
        return new NodeResult.Completed(output) { Summary = $"{words} words" };
    }
}
