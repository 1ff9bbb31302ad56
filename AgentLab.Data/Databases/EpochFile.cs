using System.Text.Json;

namespace AgentLab.Data.Databases;

/// <summary>What the file beside agentlab.db says of it.</summary>
internal sealed record EpochFile(string Epoch, long Mark, long Born)
{
    private const string Name = "agentlab.epoch";

    /// <summary>Null when it is missing or unreadable, which counts as a restored database.</summary>
    public static EpochFile? Read(DataDirectory directory)
    {
        try
        {
            return JsonSerializer.Deserialize<EpochFile>(File.ReadAllBytes(directory.PathOf(Name)));
        }
        catch (Exception error) when (error is JsonException or FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Replaces the file as a whole.</summary>
    public static void Write(DataDirectory directory, EpochFile file)
    {
        var fresh = directory.PathOf(Name + ".new");
        using (var stream = File.Create(fresh))
        {
            JsonSerializer.Serialize(stream, file);
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, directory.PathOf(Name), overwrite: true);
    }
}
