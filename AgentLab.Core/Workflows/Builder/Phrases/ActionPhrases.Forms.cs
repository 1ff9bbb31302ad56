using System.Text.RegularExpressions;

namespace AgentLab.Core.Workflows.Builder.Phrases;

internal static partial class ActionPhrases
{
    private const string Person = @"(?:(?:a|an|the|some|another|my|our)\s+)?(?:person|human|people|somebody|someone|me|us|manager|boss|supervisor|team|team lead|colleague|reviewer|operator|administrator|admin|user|owner|accountant|lawyer|support)";
    private const string Url = @"(?<url>https?://\S+|\{\{.+\}\})";

    [GeneratedRegex(@"^(?:ask|get|fetch|load|read|call|request|query|download|post|put|patch|delete|send|forward|push|filter|keep|only|select|drop|sort|order|rank|count|sum|add up|total|average|save|store|write|export|wait|pause|sleep|delay|respond|answer|reply|return|approve|confirm|set|stop|end|finish|fail|abort|summari[sz]e|sum up|translate|classify|categori[sz]e|extract|draft|compose|explain|rate|score|decide|rewrite|improve|shorten|describe|generate|create|make|run|start|use|add|insert|append|put|remove|delete|rename|connect|link|disconnect|disable|enable|switch|turn|mail|e-?mail|text|sms|notify|tell|inform|alert|message|slack|take|limit|merge|join|split|let|have|check|look up|search|find|publish|log|upload|convert|calculate|compute|do|give|if|for each|for every|for all|when|whenever|unless|de-?duplicate|move|print|record|update|archive|schedule|escalate|assign|refund|cancel|ship|book|pay|charge|invoice|close|open|remind)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Verb();

    [GeneratedRegex(@"^(?:wait|pause|sleep|delay)(?:\s+(?:it|the run|everything))?(?:\s+(?:for|by))?\s+(?:about\s+)?(?<amount>\d{1,6}(?:\.\d{1,3})?|half an|an?|one|two|three|five|ten)\s*-?\s*(?<unit>s|sec|seconds?|m|min|minutes?|h|hrs?|hours?|d|days?|weeks?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex WaitTime();

    [GeneratedRegex(@"^wait\s+(?:for|until)\s+(?:(?:a|an|the|another)\s+)?(?:web ?hook|request|call ?back|callback|call|answer from|reply from|(?:program|service|system)\b.*)", RegexOptions.IgnoreCase)]
    private static partial Regex WaitRequest();

    [GeneratedRegex($@"^(?:(?:ask|let|have|get|need|require)\s+{Person}\s+(?:to\s+)?(?:approve|confirm|sign off(?: on)?|check|review|decide(?: on)?|release|(?:for|give)\s+(?:an?\s+|their\s+)?(?:approval|ok|okay|permission|confirmation)(?:\s+(?:of|for|to|on))?)\s*(?<what>.*)|(?:get|ask for|wait for|require|request|need)\s+(?:an?\s+|the\s+|their\s+)?(?:human\s+|manual\s+)?(?:approval|confirmation|sign-?off|ok|permission)(?:\s+(?:from|by)\s+{Person})?(?:\s+(?:of|for|to|on))?\s*(?<what>.*)|ask\s+for\s+a\s+yes\s*(?<what>.*))$", RegexOptions.IgnoreCase)]
    private static partial Regex Approval();

    [GeneratedRegex($@"^ask\s+{Person}\b(?:\s+(?:for|about|what|which|to (?:fill in|enter|give|write|provide|tell|answer|choose|pick)))?\s*(?<what>.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex AskPerson();

    [GeneratedRegex(@"^(?:(?:send\s+(?:(?:an?|the|it as an?|him|her|them|us|me)\s+)?(?:e-?mail|mail|sms|text message|slack message|slack|teams message|message|notification|newsletter|letter)s?)|e-?mail|mail|sms|text|slack|notify|inform|alert|tell|remind|message)\b(?!.*https?://).*$", RegexOptions.IgnoreCase)]
    private static partial Regex Mail();

    [GeneratedRegex($@"^(?:send|forward|push|notify|tell|report|mail|alert|inform)\b[^:]*?\s*(?:to\s+|at\s+|by\s+|via\s+)?{Url}\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Send();

    [GeneratedRegex($@"^(?<method>get|fetch|load|read|call|request|query|download|post|put|patch|delete|check|look up|publish|upload)\b.*?{Url}", RegexOptions.IgnoreCase)]
    private static partial Regex Http();

    [GeneratedRegex(@"^(?:(?:remove|drop|delete)\s+(?:the\s+|all\s+)?(?:duplicates?|duplicate \w+|doubles)|de-?duplicate(?:\s+(?:the\s+)?\w+)?)(?:\s+by\s+(?:the\s+)?(?<by>[\w .]{1,60}))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Deduplicate();

    [GeneratedRegex(@"^(?:filter|keep|select|take|use|get|find)\s+(?:out\s+)?(?:only\s+)?(?:just\s+)?(?<items>(?:the\s+|all\s+|those\s+)?(?:\{\{.+?\}\}|[\w ]{0,40}?))\s*\b(?:where|whose|with|which|that|for which|if|when|by)\s+(?:the\s+|have\s+|has\s+)?(?<condition>.+)$|^only\s+(?<items>(?:the\s+|those\s+)?[\w ]{0,40}?)\s*\b(?:where|whose|with|which|that)\s+(?<condition>.+)$", RegexOptions.IgnoreCase)]
    private static partial Regex Filter();

    [GeneratedRegex(@"^(?:sort|order|rank)\s+(?<items>(?:the\s+|all\s+)?(?:\{\{.+?\}\}|[\w ]{0,40}?))\s*\bby\s+(?:the\s+)?(?<by>\{\{.+?\}\}|[\w .]{1,60}?)(?:\s*,?\s*\(?(?:(?<down>descending|desc|highest first|largest first|greatest first|biggest first|newest first|latest first|most first|from high to low|downwards?)|ascending|asc|lowest first|smallest first|oldest first|earliest first|upwards?)\)?)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Sort();

    [GeneratedRegex(@"^(?:(?:take|keep|use|get|give|select|limit(?:\s+(?:it|them|the list))?(?:\s+to)?)\s+)(?:only\s+)?(?:the\s+)?(?:(?<from>first|top|last|newest|best)\s+)?(?<count>\d{1,6})\b\s*(?<items>[\w ]{0,40})$", RegexOptions.IgnoreCase)]
    private static partial Regex Limit();

    [GeneratedRegex(@"^count\s*(?:how many\s+)?(?<items>(?:the\s+|all\s+)?(?:\{\{.+?\}\}|[\w ]{0,40}?))(?:\s*\b(?:there are\s+)?(?:per|by|for each|in each|of each|for every)\s+(?:the\s+)?(?<group>[\w .]{1,60}))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Count();

    [GeneratedRegex(@"^(?:(?:calculate|compute|get|work out|find)\s+)?(?:the\s+)?(?<operation>sum|total|average|add up|maximum|minimum|highest|lowest|max|min)\s+(?:of\s+)?(?:the\s+)?(?<field>[\w .]{1,60}?)(?:\s+of\s+(?:the\s+|all\s+)?(?<items>[\w ]{1,40}?))?(?:\s+(?:per|by|for each|of each)\s+(?:the\s+)?(?<group>[\w .]{1,60}))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Sum();

    [GeneratedRegex(@"^(?:save|store|keep|export|write|record|log|put)\s+(?:(?:it|them|this|that|the\s+[\w ]{1,40}?|[\w ]{1,40}?|everything)\s+)??(?:as|to|into|in)\s+(?:(?:a|an|the)\s+)?(?<kind>artifact|table|csv|json|file|text|spreadsheet|report)(?:\s+(?:file|artifact|table))?(?:\s*(?:called|named|titled|with the name|,)?\s*(?<name>""[^""]+""|“[^”]+”|[\w.-]{1,80}))?$|^(?:save|store|export)\s+(?:it|them|this|the\s+(?:result|results|answer|list|data|output))(?:\s+as\s+(?<name>""[^""]+""|“[^”]+”|[\w.-]{1,80}))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Save();

    [GeneratedRegex(@"^(?:write|make|create|draw up|generate|put together|produce)\s+(?:it\s+(?:into|as)\s+)?(?:a|an|the)?\s*(?:\w+\s+)?report(?:\s+(?:on|about|of|called|named|titled|with)\s+(?<name>.{1,100}))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Report();

    [GeneratedRegex(@"^(?:answer|respond|reply|return|give back)(?:\s+(?:to\s+)?(?:it|the (?:caller|request|person|sender|webhook|message)))?(?:\s+(?:with|by))?(?:\s+(?<what>.+))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Answer();

    [GeneratedRegex(@"^set\s+(?:the\s+)?(?:field\s+|value\s+)?(?<name>[\w .]{1,60}?)\s+(?:to|=|as)\s+(?<value>.{1,500})$", RegexOptions.IgnoreCase)]
    private static partial Regex Set();

    [GeneratedRegex(@"^(?:(?<fail>fail|abort|(?:stop|end|finish) with (?:an )?error)|(?:stop|end|finish)(?! with (?:an )?error))(?:\s+(?:the\s+)?(?:run|workflow|it|here|there|everything))*(?:\s*(?:with|saying|because|and say)\s*(?:the\s+)?(?:message|error)?\s*(?<message>.{1,300})|\s+(?<message>[""“].{1,300}))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Stop();

    [GeneratedRegex(@"^(?:run|start|call|use|trigger)\s+(?:the\s+)?(?:sub-?)?workflow\s+(?<name>""[^""]+""|“[^”]+”|[\w-]{1,80}(?:\s[\w-]{1,40}){0,3})$|^(?:run|start|call|trigger)\s+(?:the\s+)?(?<name>""[^""]+""|“[^”]+”|[\w-]{1,80}(?:\s[\w-]{1,40}){0,3}?)\s+(?:sub-?)?workflow$", RegexOptions.IgnoreCase)]
    private static partial Regex SubWorkflow();

    [GeneratedRegex(@"^(?:use|call|run)\s+(?:the\s+)?(?:tool\s+)?(?<name>[\w ]{1,60}?)(?:\s+tool)?(?:\s+(?:to|on|with|for)\b.*)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Tool();

    [GeneratedRegex(@"^(?:ask|let|have|use)\s+(?<rest>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Ask();

    [GeneratedRegex(@"^(?:the\s+|a\s+)?(?:language\s+)?(?:model|ai|llm|assistant)\b(?:\s+(?:to|about|for|if|whether))?\s*(?<task>.+)$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Model();

    [GeneratedRegex(@"^(?:the\s+)?([\w-]+(?:\s+(?!to\b|about\b|for\b|if\b|whether\b|which\b|what\b|when\b|where\b|why\b|how\b)[\w-]+)?)")]
    private static partial Regex Who();

    [GeneratedRegex(@"^(?:summari[sz]e|sum up|translate|classify|categori[sz]e|extract|draft|compose|write|explain|rate|score|decide|rewrite|improve|shorten|describe|generate|analy[sz]e|judge|find out|work out|answer|check|create|make|suggest|propose)\s+.+$", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Write();

    [GeneratedRegex(@"^(?:is|are|was|were)\s+", RegexOptions.IgnoreCase)]
    private static partial Regex LeadingIs();

    [GeneratedRegex(@"\s+(?:node|step|(?:action\s+)?block)$", RegexOptions.IgnoreCase)]
    private static partial Regex NodeWord();

    [GeneratedRegex(@"^(?:it|them|list|items?|those|ones|everything|data|results?|rest|rows?|out|answer|that|this)$", RegexOptions.IgnoreCase)]
    private static partial Regex GeneralItems();

    [GeneratedRegex(@"^(?:it|them|that|this|(?:the\s+)?(?:result|results|answer|data|output|list|summary|outcome|text|report|total|value))$", RegexOptions.IgnoreCase)]
    private static partial Regex GeneralAnswer();
}
