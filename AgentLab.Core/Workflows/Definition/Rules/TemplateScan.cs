using System.Runtime.InteropServices;
using System.Text.Json;
using AgentLab.Core.Schema;

namespace AgentLab.Core.Workflows.Definition.Rules;

/// <summary>A node, or the loop's item, that a template refers to.</summary>
/// <param name="Field">JSON pointer of the text.</param>
/// <param name="Node">The node's id; null for <c>item</c> and <c>index</c>.</param>
/// <param name="Late">The kind evaluates the template itself (<c>x-template: false</c>), where more may be known than when the node starts.</param>
internal readonly record struct TemplateReference(string Field, string? Node, bool Late);

/// <summary>Finds what the templates inside a JSON value refer to, without compiling them.</summary>
internal static class TemplateScan
{
    /// <summary>The references, in document order, each once a text.</summary>
    public static IReadOnlyList<TemplateReference> Find(JsonElement value, CompiledSchema? schema)
    {
        if (value.ValueKind == JsonValueKind.Undefined || !MayHold(JsonMarshal.GetRawUtf8Value(value)))
        {
            return [];
        }

        var found = new List<TemplateReference>();
        Walk(value, schema, string.Empty, late: false, found);
        return found;
    }

    private static void Walk(JsonElement value, CompiledSchema? schema, string at, bool late, List<TemplateReference> found)
    {
        late |= schema is { IsTemplate: false };
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Walk(member.Value, schema?.Members.GetValueOrDefault(member.Name) ?? schema?.Additional, JsonPointer.Join(at, member.Name), late, found);
                }

                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray())
                {
                    Walk(item, schema?.Items, JsonPointer.Join(at, index++), late, found);
                }

                break;
            case JsonValueKind.String when MayHold(JsonMarshal.GetRawUtf8Value(value)):
                Scan(value.GetString()!, at, late, found);
                break;
        }
    }

    private static bool MayHold(ReadOnlySpan<byte> raw) => raw.IndexOf("{{"u8) >= 0 || raw.IndexOf("\\u007"u8) >= 0;

    private static void Scan(string text, string field, bool late, List<TemplateReference> found)
    {
        var (first, blocks, at) = (found.Count, 0, 0);
        while ((at = text.IndexOf("{{", at, StringComparison.Ordinal)) >= 0)
        {
            var end = text.IndexOf("}}", at, StringComparison.Ordinal);
            if (end < 0)
            {
                return;
            }

            var inside = text.AsSpan(at + 2, end - at - 2).Trim("{~ ");
            if (!inside.StartsWith('!'))
            {
                blocks += inside.StartsWith('#') ? 1 : inside.StartsWith('/') ? -1 : 0;
                Inside(inside, field, late, blocks > 0, found, first);
            }

            at = end + 2;
        }
    }

    private static void Inside(ReadOnlySpan<char> text, string field, bool late, bool inBlock, List<TemplateReference> found, int first)
    {
        for (var at = 0; at < text.Length;)
        {
            var letter = text[at];
            if (letter is '"' or '\'')
            {
                at = SkipQuoted(text, at);
            }
            else if (char.IsLetter(letter) || letter is '_' or '@' or '.')
            {
                var end = PathEnd(text, at);
                Path(text[at..end], field, late, inBlock, found, first);
                at = end;
            }
            else
            {
                at++;
            }
        }
    }

    private static int SkipQuoted(ReadOnlySpan<char> text, int at)
    {
        var quote = text[at++];
        while (at < text.Length && text[at] != quote)
        {
            at += text[at] == '\\' ? 2 : 1;
        }

        return at + 1;
    }

    private static int PathEnd(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '.' or '@' or '-' or '/' or '[' or ']'))
        {
            at++;
        }

        return at;
    }

    private static void Path(ReadOnlySpan<char> path, string field, bool late, bool inBlock, List<TemplateReference> found, int first)
    {
        if (path.StartsWith("nodes."))
        {
            var rest = path[6..];
            var bracket = rest.StartsWith('[');
            var name = bracket ? rest[1..] : rest;
            var end = name.IndexOfAny(bracket ? "]" : ".[/");
            Add(new TemplateReference(field, (end < 0 ? name : name[..end]).ToString(), late), found, first);
        }
        else if (!inBlock && (IsRoot(path, "item") || IsRoot(path, "index")))
        {
            Add(new TemplateReference(field, null, late), found, first);
        }
    }

    private static bool IsRoot(ReadOnlySpan<char> path, string root) => path.StartsWith(root) && (path.Length == root.Length || path[root.Length] is '.' or '[');

    private static void Add(TemplateReference reference, List<TemplateReference> found, int first)
    {
        if (found.IndexOf(reference, first) < 0)
        {
            found.Add(reference);
        }
    }
}
