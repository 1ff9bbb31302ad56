namespace AgentLab.Core.Workflows.Builder.Tools;

/// <summary>What the builder's tools take.</summary>
internal static class BuilderSchemas
{
    private const string Phrase = """ "phrase": { "type": "string", "maxLength": 300, "description": "The words of the person's message that this stands for." } """;

    private const string Places = """
        "after": { "type": "array", "maxItems": 20, "items": { "type": "string", "maxLength": 101 }, "description": "Which nodes lead to it: \"id\", or \"id.port\" where the node has several outputs." },
        "before": { "type": "string", "maxLength": 50, "description": "The node that it leads to. With after, an edge between the two is replaced, so that the node stands between them." },
        "port": { "type": "string", "maxLength": 50, "description": "Its own output that leads to before." }
        """;

    public const string None = """{ "type": "object", "properties": {}, "additionalProperties": false }""";

    public const string Look = """
        {
          "type": "object",
          "properties": { "nodes": { "type": "array", "maxItems": 50, "items": { "type": "string", "maxLength": 50 }, "description": "Only these nodes, with everything that they hold. Leave it out for an overview." } },
          "additionalProperties": false
        }
        """;

    public const string Kind = """
        { "type": "object", "properties": { "kind": { "type": "string", "maxLength": 100, "description": "A kind's name from list_kinds." } }, "required": ["kind"], "additionalProperties": false }
        """;

    public const string AddNode = $$"""
        {
          "type": "object",
          "properties": {
            "kind": { "type": "string", "minLength": 1, "maxLength": 100, "description": "A kind's name from list_kinds." },
            "id": { "type": "string", "maxLength": 50, "description": "Letters, digits and _; made from the kind when it is left out. Choose one to refer to the node in the same answer." },
            "name": { "type": "string", "maxLength": 100, "description": "What people see: a few words that say what it does." },
            "settings": { "type": "object", "description": "See describe_kind." },
            {{Places}},
            {{Phrase}}
          },
          "required": ["kind"], "additionalProperties": false
        }
        """;

    public const string AddBlock = $$"""
        {
          "type": "object",
          "properties": {
            "block": { "type": "string", "minLength": 1, "maxLength": 100, "description": "An action block's name from list_kinds." },
            "id": { "type": "string", "maxLength": 50, "description": "Letters, digits and _; made from the kind when it is left out. Choose one to refer to the node in the same answer." },
            "name": { "type": "string", "maxLength": 100, "description": "What people see; the block's name when it is left out." },
            "settings": { "type": "object", "description": "Only the settings that the block leaves open or that must differ; null takes one away. The others are the block's own." },
            {{Places}},
            {{Phrase}}
          },
          "required": ["block"], "additionalProperties": false
        }
        """;

    public const string SetNode = $$"""
        {
          "type": "object",
          "properties": {
            "node": { "type": "string", "minLength": 1, "maxLength": 50, "description": "The node's id." },
            "name": { "type": "string", "minLength": 1, "maxLength": 100 },
            "settings": { "type": "object", "description": "Only the settings that change; null takes one away." },
            "disabled": { "type": "boolean" },
            "onError": { "type": "string", "enum": ["stop", "continue", "port"], "description": "What follows a failure: the run fails, goes on, or goes on through the port \"error\"." },
            "timeoutSeconds": { "type": "integer", "minimum": 1, "maximum": 86400 },
            "attempts": { "type": "integer", "minimum": 1, "maximum": 10 },
            "comment": { "type": "string", "maxLength": 1000 },
            {{Phrase}}
          },
          "required": ["node"], "additionalProperties": false
        }
        """;

    public const string Connect = $$"""
        {
          "type": "object",
          "properties": {
            "from": { "type": "string", "minLength": 1, "maxLength": 101, "description": "\"id\", or \"id.port\" where the node has several outputs." },
            "to": { "type": "string", "minLength": 1, "maxLength": 101, "description": "\"id\"." },
            {{Phrase}}
          },
          "required": ["from", "to"], "additionalProperties": false
        }
        """;

    public const string RemoveNode = $$"""
        {
          "type": "object",
          "properties": {
            "node": { "type": "string", "minLength": 1, "maxLength": 50, "description": "The node's id." },
            "reconnect": { "type": "boolean", "description": "Connect what led to it with what it led to. Default: true." },
            {{Phrase}}
          },
          "required": ["node"], "additionalProperties": false
        }
        """;

    public const string SetWorkflow = """
        {
          "type": "object",
          "properties": {
            "description": { "type": "string", "maxLength": 2000 },
            "input": { "type": "object", "description": "JSON Schema of a run's input: an object with properties." },
            "output": { "type": ["object", "array", "string"], "description": "What a run answers; texts may be templates." }
          },
          "additionalProperties": false
        }
        """;

    public const string CannotMap = """
        {
          "type": "object",
          "properties": {
            "phrase": { "type": "string", "minLength": 1, "maxLength": 300, "description": "The words of the person's message." },
            "reason": { "type": "string", "minLength": 1, "maxLength": 300, "description": "Why not, one sentence." },
            "nearest": { "type": "string", "maxLength": 300, "description": "What comes nearest, and how to ask for it." }
          },
          "required": ["phrase", "reason"], "additionalProperties": false
        }
        """;
}
