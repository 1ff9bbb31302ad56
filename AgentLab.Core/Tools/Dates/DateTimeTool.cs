using System.Globalization;

namespace AgentLab.Core.Tools.Dates;

/// <summary>date_time: the present moment, in the time zone that is asked for.</summary>
internal sealed class DateTimeTool(TimeProvider time)
{
    public const string Name = "date_time";

    private const string Description =
        "The current date and time. Give timeZone as an IANA name such as Europe/Berlin or America/New_York; without one the answer is in UTC.";

    private const string Schema = """
        {
          "type": "object",
          "properties": {
            "timeZone": { "type": "string", "maxLength": 64, "description": "An IANA time zone such as Europe/Berlin. Default: UTC" }
          },
          "additionalProperties": false
        }
        """;

    public static Tool Create(TimeProvider time) =>
        new(new ToolFunction<Arguments>(Name, Description, Schema, (arguments, _, _) => Task.FromResult(new DateTimeTool(time).Tell(arguments))), "Date and time", ToolEffect.Read);

    private ToolOutcome Tell(Arguments arguments)
    {
        var zone = FindZone(arguments.TimeZone);
        var utc = time.GetUtcNow();
        var local = TimeZoneInfo.ConvertTime(utc, zone);
        var offset = local.Offset == TimeSpan.Zero ? "UTC" : "UTC" + local.ToString("zzz", CultureInfo.InvariantCulture);
        var readable = local.ToString("dddd, d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture) + $" ({offset})";
        var result = new
        {
            timeZone = zone.Id,
            iso = local.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            utc = utc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            date = local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            time = local.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            weekday = local.DayOfWeek.ToString(),
            isoWeek = ISOWeek.GetWeekOfYear(local.DateTime),
            readable,
        };
        return ToolOutcome.Succeeded(ToolJson.ToElement(result), readable);
    }

    private static TimeZoneInfo FindZone(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return TimeZoneInfo.Utc;
        }

        // The name becomes a file name under the system's zone directory: let nothing through that is not a zone's spelling.
        if (name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '+' or '/')
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId)
        {
            return zone;
        }

        var city = name.Trim().Replace(' ', '_');
        var near = TimeZoneInfo.GetSystemTimeZones()
            .Select(one => one.Id)
            .Where(id => id.EndsWith("/" + city, StringComparison.OrdinalIgnoreCase) || id.Equals(city, StringComparison.OrdinalIgnoreCase))
            .Take(3)
            .ToArray();
        throw new ToolFailureException(
            ToolErrorCodes.NotFound,
            $"There is no time zone \"{name}\". " + (near.Length > 0 ? $"Did you mean {string.Join(" or ", near)}?" : "Use an IANA name such as Europe/Berlin or America/New_York."));
    }

    private sealed record Arguments(string? TimeZone);
}
