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
            throw new SecretMissingException($"There is no secret \"{(name.Length <= 100 ? name : name[..100])}\". An administrator sets it as AgentLab:Secrets:NAME.");
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
            if (secrets!.HostsOf(name) is var hosts && !hosts.Allow(uri))
            {
                throw new SecretRefusedException(
                    $"The secret \"{name}\" may not go to {uri.Host}: it is for {string.Join(", ", hosts.Entries)} alone. An administrator changes that under AgentLab:SecretHosts:{name}.");
            }
        }
    }

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
