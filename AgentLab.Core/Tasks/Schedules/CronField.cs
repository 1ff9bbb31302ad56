using System.Globalization;

namespace AgentLab.Core.Tasks.Schedules;

/// <summary>One field of a cron expression: the numbers that it names, as bits.</summary>
/// <param name="bits">Bit n is set when the field has n.</param>
/// <param name="all">Whether the field is <c>*</c> or says the same.</param>
internal readonly struct CronField(ulong bits, bool all)
{
    private const int NameLength = 3;

    /// <summary>The names of months, in their order from 1.</summary>
    public static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    /// <summary>The names of days, in their order from 0.</summary>
    public static readonly string[] Weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    /// <summary>Whether it restricts nothing.</summary>
    public bool All => all;

    /// <summary>Whether it has this number.</summary>
    public bool Has(int number) => (bits & (1UL << number)) != 0;

    /// <summary>Makes 7 the same as 0.</summary>
    public CronField FoldSunday()
    {
        const ulong Week = 0x7F;
        var folded = ((bits >> 7) | bits) & Week;
        return new CronField(folded, folded == Week);
    }

    /// <summary>Reads a field.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static CronField Read(string text, string name, int least, int most, string[] names)
    {
        var bits = 0UL;
        foreach (var part in text.Split(','))
        {
            bits |= ReadPart(part, name, least, most, names);
        }

        var every = 0UL;
        for (var n = least; n <= most; n++)
        {
            every |= 1UL << n;
        }

        return new CronField(bits, bits == every);
    }

    private static ulong ReadPart(string part, string name, int least, int most, string[] names)
    {
        var step = 1;
        var range = part;
        var slash = part.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            range = part[..slash];
            if (!int.TryParse(part.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1 || step > most)
            {
                throw Wrong(part, name, least, most);
            }
        }

        var (from, to) = Range(range, slash >= 0, name, least, most, names);
        var bits = 0UL;
        for (var n = from; n <= to; n += step)
        {
            bits |= 1UL << n;
        }

        return bits;
    }

    private static (int From, int To) Range(string text, bool stepped, string name, int least, int most, string[] names)
    {
        if (text == "*")
        {
            return (least, most);
        }

        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var from = Number(dash < 0 ? text : text[..dash], name, least, most, names);
        var to = dash < 0 ? (stepped ? most : from) : Number(text[(dash + 1)..], name, least, most, names);
        return from <= to ? (from, to) : throw new FormatException($"The {name} of the cron expression goes from {from} to {to}: write the lower number first.");
    }

    private static int Number(string text, string name, int least, int most, string[] names)
    {
        var named = text.Length == NameLength ? Array.FindIndex(names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase)) : -1;
        if (named >= 0)
        {
            return named + least;
        }

        return text.Length is > 0 and <= 2 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw Wrong(text, name, least, most);
    }

    private static FormatException Wrong(string text, string name, int least, int most) =>
        new($"'{text}' is not a {name} of a cron expression: {least} to {most}, *, a range such as {least}-{least + 1}, or a step such as */2.");
}
