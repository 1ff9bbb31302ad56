namespace AgentLab.Core.Hosting;

/// <summary>Settings that can say what is wrong with them.</summary>
public interface ILabOptions
{
    /// <summary>Every fault of these settings, each a sentence that names the setting and what is allowed; empty when all is well.</summary>
    IEnumerable<string> Check();
}
