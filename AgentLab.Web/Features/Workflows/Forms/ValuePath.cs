using System.Globalization;

namespace AgentLab.Web.Features.Workflows.Forms;

/// <summary>Writes the paths of templates.</summary>
internal static class ValuePath
{
    /// <summary>The template that takes the value at a path.</summary>
    public static string Template(string path) => "{{" + path + "}}";

    /// <summary>The path to a property; a name that is no plain word stands in brackets.</summary>
    public static string Step(string path, string name) =>
        name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') && !char.IsAsciiDigit(name[0]) ? $"{path}.{name}" : $"{path}.[{name}]";

    /// <summary>The path to an item of a list.</summary>
    public static string Step(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}.[{index}]");
}
