using System.Collections.Frozen;

namespace AgentLab.Web.Shared.Markdown;

/// <summary>What the highlighter needs to know of a language.</summary>
internal sealed record CodeLanguage
{
    private const string CSharpWords =
        "abstract as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach from get goto group if implicit in init int interface internal into is join let lock long namespace new not null object on operator or orderby out override params partial private protected public readonly record ref required return sbyte sealed select set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using var virtual void volatile when where while with yield";

    private const string ScriptWords =
        "abstract any as async await boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for from function get if implements import in instanceof interface keyof let never new null number of private protected public readonly return set static string super switch this throw true try type typeof undefined unknown var void while with yield";

    private const string PythonWords =
        "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return self try while with yield";

    private const string SqlWords =
        "add all alter and any as asc avg begin between bigint boolean by case check column commit constraint count create cross current_timestamp date decimal default delete desc distinct drop else end exists false first foreign from full group having if in index inner insert int integer intersect into is join key left like limit max min not null numeric offset on or order outer over partition primary real references returning right rollback select set sum table text then timestamp transaction true union unique update using values varchar view when where with";

    private const string ShellWords =
        "alias awk cat cd case chmod chown cp curl do docker done dotnet echo elif else env esac eval exec exit export fi find for function git grep if in jq kill local ls mkdir mv node npm pip python read return rm sed set shift source sudo tar test then trap unset until wget while";

    private static readonly FrozenDictionary<string, CodeLanguage> ByName = Build();

    public FrozenSet<string> Keywords { get; private init; } = FrozenSet<string>.Empty;

    public IReadOnlyList<string> LineComments { get; private init; } = [];

    public (string Open, string Close)? BlockComment { get; private init; }

    /// <summary>Quotes, longer ones first; <c>Multiline</c> says whether a string may go over a line's end.</summary>
    public IReadOnlyList<(string Quote, bool Multiline)> Strings { get; private init; } = [("\"", false), ("'", false)];

    /// <summary>Tags and attributes rather than words.</summary>
    public bool Markup { get; private init; }

    /// <summary>A word before a colon is a key: YAML and JSON.</summary>
    public bool Keys { get; private init; }

    public bool IgnoreCase { get; private init; }

    /// <summary>The language by a fence's info string; null when it is not known.</summary>
    public static CodeLanguage? Find(string? name) => name is null ? null : ByName.GetValueOrDefault(name.Trim());

    private static FrozenDictionary<string, CodeLanguage> Build()
    {
        var csharp = new CodeLanguage { Keywords = Words(CSharpWords), LineComments = ["//"], BlockComment = ("/*", "*/"), Strings = [("\"\"\"", true), ("\"", false), ("'", false)] };
        var script = new CodeLanguage { Keywords = Words(ScriptWords), LineComments = ["//"], BlockComment = ("/*", "*/"), Strings = [("`", true), ("\"", false), ("'", false)] };
        var python = new CodeLanguage { Keywords = Words(PythonWords), LineComments = ["#"], Strings = [("\"\"\"", true), ("'''", true), ("\"", false), ("'", false)] };
        var json = new CodeLanguage { Keywords = Words("true false null"), LineComments = ["//"], Strings = [("\"", false)], Keys = true };
        var sql = new CodeLanguage { Keywords = Words(SqlWords, ignoreCase: true), LineComments = ["--"], BlockComment = ("/*", "*/"), IgnoreCase = true };
        var shell = new CodeLanguage { Keywords = Words(ShellWords), LineComments = ["#"], Strings = [("\"", true), ("'", true)] };
        var yaml = new CodeLanguage { Keywords = Words("true false null yes no on off"), LineComments = ["#"], Keys = true };
        var markup = new CodeLanguage { Markup = true, BlockComment = ("<!--", "-->") };
        return new Dictionary<string, CodeLanguage>(StringComparer.OrdinalIgnoreCase)
        {
            ["csharp"] = csharp, ["cs"] = csharp, ["c#"] = csharp, ["java"] = csharp, ["kotlin"] = csharp, ["c"] = csharp, ["cpp"] = csharp, ["go"] = csharp, ["rust"] = csharp,
            ["javascript"] = script, ["js"] = script, ["jsx"] = script, ["typescript"] = script, ["ts"] = script, ["tsx"] = script,
            ["python"] = python, ["py"] = python,
            ["json"] = json, ["jsonl"] = json, ["jsonc"] = json,
            ["sql"] = sql,
            ["bash"] = shell, ["sh"] = shell, ["shell"] = shell, ["zsh"] = shell, ["dockerfile"] = shell,
            ["yaml"] = yaml, ["yml"] = yaml, ["toml"] = yaml,
            ["html"] = markup, ["xml"] = markup, ["svg"] = markup, ["razor"] = markup, ["csproj"] = markup,
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static FrozenSet<string> Words(string words, bool ignoreCase = false) =>
        words.Split(' ').ToFrozenSet(ignoreCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
}
