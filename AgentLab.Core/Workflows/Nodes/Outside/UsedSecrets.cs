using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentLab.Core.Models;
using AgentLab.Core.Security;
using AgentLab.Core.Workflows.Expressions;

namespace AgentLab.Core.Workflows.Nodes.Outside;

/// <summary>The secrets that one execution of a node uses, so that none of them leaves it in a text that came back from outside.</summary>
internal sealed class UsedSecrets(INamedSecrets? secrets)
{
    private readonly List<string> _texts = [];
    private readonly List<string> _names = [];

    /// <summary>The secret that a setting <c>{"secret": "name"}</c> names.</summary>
    /// <exception cref="SecretMissingException">There is none of that name.</exception>
    public Secret Find(JsonElement reference)
    {
        var name = reference.Text("secret"u8) ?? string.Empty;
        if (secrets?.Find(name) is not { } secret)
        {
            throw new SecretMissingException($"There is no secret \"{Short(name)}\". An administrator sets it as AgentLab:Secrets:NAME.");
        }

        Used(secret.Reveal());
        _names.Add(name);
        return secret;
    }

    /// <summary>Whether all of them may go to an address: what a request carries, and what it is signed with.</summary>
    /// <exception cref="SecretRefusedException">One of them is not for that host.</exception>
    public void Guard(Uri uri)
    {
        foreach (var name in _names)
        {
            if (Refusal(secrets!, name, uri) is { } refusal)
            {
                throw new SecretRefusedException(refusal);
            }
        }
    }

    /// <summary>What is wrong with settings that name a secret for an address whose host is known before the run.</summary>
    /// <param name="secrets">The secrets; null where there are none to ask.</param>
    /// <param name="url">The address as it is written, perhaps with templates in it.</param>
    /// <param name="references">The settings that name secrets, each with its pointer.</param>
    public static IEnumerable<SettingFault> Check(INamedSecrets? secrets, string? url, IEnumerable<(string Field, JsonElement? Reference)> references)
    {
        if (secrets is null || url is null || HostOf(url) is not { } uri)
        {
            yield break;
        }

        foreach (var (field, reference) in references)
        {
            if (reference is { } named && named.Text("secret"u8) is { } name && Refusal(secrets, name, uri) is { } refusal)
            {
                yield return new SettingFault(field, "secret_refused", refusal);
            }
        }
    }

    private static string? Refusal(INamedSecrets secrets, string name, Uri uri) => secrets.HostsOf(name) is var hosts && hosts.Allow(uri)
        ? null
        : $"The secret \"{Short(name)}\" may not go to {uri.Host}: it is for {string.Join(", ", hosts.Entries)} alone. An administrator changes that under AgentLab:SecretHosts:{Short(name)}.";

    /// <summary>The address up to its path; null while a template stands in it.</summary>
    private static Uri? HostOf(string url)
    {
        var host = url.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme && url.AsSpan(scheme + 3).IndexOfAny("/?#") is >= 0 and var end ? url[..(scheme + 3 + end)] : url;
        return !SettingReader.IsTemplate(host) && Uri.TryCreate(host, UriKind.Absolute, out var uri) ? uri : null;
    }

    private static string Short(string name) => name.Length <= 100 ? name : name[..100];

    /// <summary>A text that is made of a secret and says it as well.</summary>
    public void Used(string text)
    {
        // One that is shorter would blank out half of any sentence.
        if (text.Length >= 4)
        {
            _texts.Add(text);
            _texts.AddRange(new[] { JsonEncodedText.Encode(text).Value, JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value }.Where(escaped => escaped != text));
        }
    }

    /// <summary>The text without any of them.</summary>
    public string Redact(string text)
    {
        foreach (var secret in _texts)
        {
            text = text.Replace(secret, Secret.Mask, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>The value without any of them in its texts and names, however they were escaped where it came from.</summary>
    public JsonElement Redact(JsonElement value) => _texts.Count == 0 ? value : JsonOutput.Build((this, value), static (writer, it) => it.Item1.Write(writer, it.value));

    private void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject())
                {
                    writer.WritePropertyName(Redact(member.Name));
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Redact(value.GetString()!));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>Whether a JSON value is a reference to a secret.</summary>
    public static bool IsReference(JsonElement value) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty("secret"u8, out var name) && name.ValueKind == JsonValueKind.String;

    /// <summary>The header of basic authentication.</summary>
    public string Basic(string user, Secret password)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password.Reveal()}"));
        Used(credentials);
        return "Basic " + credentials;
    }
}

/// <summary>A setting names a secret that is not there.</summary>
internal sealed class SecretMissingException(string message) : Exception(message);

/// <summary>A request would take a secret to a host that it is not for.</summary>
internal sealed class SecretRefusedException(string message) : Exception(message);
