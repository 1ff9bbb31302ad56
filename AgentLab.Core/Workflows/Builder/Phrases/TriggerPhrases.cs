using System.Text.RegularExpressions;

namespace AgentLab.Core.Workflows.Builder.Phrases;

/// <summary>Reads what starts a workflow.</summary>
internal static partial class TriggerPhrases
{
    /// <summary>A trigger at the beginning of a sentence.</summary>
    /// <param name="Kind">The kind; null for a time, which nothing can start at yet.</param>
    /// <param name="Name">What people see.</param>
    /// <param name="Settings">Its settings.</param>
    /// <param name="Fields">Where the fields of what comes in are.</param>
    /// <param name="Words">The words.</param>
    /// <param name="Rest">The sentence without them.</param>
    internal sealed record Found(string? Kind, string Name, Dictionary<string, object?> Settings, string Fields, string Words, string Rest);

    /// <summary>The trigger that a sentence begins with, or the time that stands anywhere in it; null for none.</summary>
    public static Found? Read(string sentence)
    {
        if (Time().Match(sentence) is { Success: true } time)
        {
            var rest = (sentence[..time.Index] + " " + sentence[(time.Index + time.Length)..]).Trim();
            return new Found(null, "Start by hand", [], "data", time.Value.Trim(' ', ','), rest);
        }

        return Webhook().Match(sentence) is { Success: true } webhook ? WebhookOf(webhook, sentence)
            : Message().Match(sentence) is { Success: true } message ? Of(message, sentence, "chat_trigger", "Message in the Lab", [], "data")
            : Ended().Match(sentence) is { Success: true } ended ? Of(ended, sentence, "workflow_event_trigger", "After another workflow", new()
            {
                ["workflow"] = Slug(ended.Groups["workflow"].Value),
                ["on"] = ended.Groups["failed"].Success ? "failed" : "completed",
            }, "data.output")
            : ByHand().Match(sentence) is { Success: true } hand ? Of(hand, sentence, "manual_trigger", "Start by hand", [], "data")
            : null;
    }

    /// <summary>The address of a webhook or a workflow's slug, made from words.</summary>
    public static string Slug(string words)
    {
        var slug = NotSlug().Replace(PhraseText.Noun(words.Trim().Trim('"', '“', '”')).ToLowerInvariant(), "-").Trim('-');
        slug = slug.Length > 50 ? slug[..50].Trim('-') : slug;
        return slug.Length >= 3 ? slug : slug.Length == 0 ? "incoming" : $"{slug}-hook";
    }

    private static Found WebhookOf(Match match, string sentence)
    {
        var path = match.Groups["path"];
        var thing = match.Groups["thing"];
        var noun = New().Replace(PhraseText.Noun(thing.Value), string.Empty);
        var named = noun.Length > 0 && !Plain().IsMatch(noun);
        var slug = path.Success ? path.Value : named ? $"new-{noun}" : string.Empty;
        var name = named ? $"New {noun}" : "Webhook";
        return Of(match, sentence, "webhook_trigger", name, new() { ["slug"] = slug.Length == 0 ? string.Empty : Slug(slug) }, "data.body");
    }

    private static Found Of(Match match, string sentence, string kind, string name, Dictionary<string, object?> settings, string fields) =>
        new(kind, name, settings, fields, match.Value.Trim(' ', ','), sentence[(match.Index + match.Length)..].TrimStart(' ', ','));

    [GeneratedRegex(@"^(?:when|whenever|once|as soon as|each time|every time|if|on)\s+(?:(?:a|an|the|any|some|another)\s+)?(?:(?<thing>(?:new\s+)?(?:[\w-]+\s+){0,2}?(?:webhook|web hook|hook|http request|request|post|call|payload|order|ticket|lead|form|invoice|payment|event|customer|complaint|application|signup|booking|submission))(?:\s+(?:at|on|to|for|under)\s+/?(?:hooks/)?(?<path>[a-z0-9][a-z0-9-]{2,63}))?\s+(?:comes? in|comes|arrives?|is received|is sent|is called|is posted|is submitted|is created|is made|is placed|gets in|hits|happens|fires?)|(?:program|service|system|shop|somebody|someone)\s+(?:calls|posts|sends)(?:\s+(?:a|an|the))?\s+(?<thing>[\w-]+(?:\s+(?:webhook|request))?))(?:\s+(?:at|on|to|under)\s+/?(?:hooks/)?(?<path>[a-z0-9][a-z0-9-]{2,63}))?\b,?|^(?:on|from|via|start with|begin with|start on)\s+(?:a|an|the)?\s*(?<thing>webhook)(?:\s+(?:at|called|named)\s+/?(?:hooks/)?(?<path>[a-z0-9][a-z0-9-]{2,63}))?\b,?", RegexOptions.IgnoreCase)]
    private static partial Regex Webhook();

    [GeneratedRegex(@"^(?:when|whenever|once|as soon as|each time|every time|if|on)\s+(?:(?:a|an|the|any|some)\s+)?(?:(?:new\s+)?(?:chat\s+|lab\s+)?message\s+(?:comes? in|comes|arrives?|is (?:received|sent|written)|in the lab)|(?:person|user|somebody|someone|anybody|anyone|i)\s+(?:writes?|asks?|messages?|types?|chats?|says?)(?:\s+(?:something|to it|a message|a question|me))?)(?:\s+(?:in|to|from)\s+the\s+(?:lab|chat|workflow))?\b,?", RegexOptions.IgnoreCase)]
    private static partial Regex Message();

    [GeneratedRegex(@"^(?:when|whenever|once|as soon as|each time|every time|if|after)\s+(?:(?:a run of\s+)?(?:the\s+)?workflow\s+(?<workflow>""[^""]+""|“[^”]+”|[\w-]+)|(?:the\s+)?(?<workflow>""[^""]+""|“[^”]+”|[\w-]+)\s+workflow)\s+(?:(?:has\s+)?(?:ends?|ended|finish(?:es|ed)?|complete[sd]?|is done|is finished|runs?|ran)|(?<failed>(?:has\s+)?fail(?:s|ed)?))\b,?", RegexOptions.IgnoreCase)]
    private static partial Regex Ended();

    [GeneratedRegex(@"^(?:(?:when|whenever|once|if)\s+(?:i|we|you|somebody|someone|a person|people)\s+(?:start|starts|run|runs|press|presses|click|clicks|push|pushes)(?:\s+(?:it|the workflow|this workflow|this|run|start|the button))*|(?:start(?:ed|s)?\s+(?:it\s+)?)?(?:manually|by hand|on demand)|when (?:it is\s+)?(?:started|run)(?:\s+(?:manually|by hand))?)\b,?", RegexOptions.IgnoreCase)]
    private static partial Regex ByHand();

    [GeneratedRegex(@"(?:^|[\s,])(?:(?:every|each)\s+(?:other\s+)?(?:(?:\d+|two|three|five|ten|fifteen|thirty)\s+)?(?:second|minute|hour|day|night|morning|evening|afternoon|weekday|workday|week|month|quarter|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?|daily|hourly|weekly|monthly|nightly|on (?:mon|tues|wednes|thurs|fri|satur|sun)days?|on weekdays|at (?:midnight|noon|\d{1,2}(?::\d{2})?\s*(?:am|pm|o'clock)?)\s+(?:every|each)\s+\w+|on a schedule|(?:by|with) cron\S*)(?:\s+(?:at|around)\s+(?:midnight|noon|\d{1,2}(?::\d{2})?\s*(?:am|pm|o'clock|h)?))?(?=$|[\s,.;:])\s*,?", RegexOptions.IgnoreCase)]
    private static partial Regex Time();

    [GeneratedRegex(@"^(?:a\s+)?(?:web ?hook|hook|http request|request|post|call|payload|event)$", RegexOptions.IgnoreCase)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^new\s+", RegexOptions.IgnoreCase)]
    private static partial Regex New();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotSlug();
}
