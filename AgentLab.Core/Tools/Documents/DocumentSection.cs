namespace AgentLab.Core.Tools.Documents;

/// <summary>A part of a document under one heading.</summary>
/// <param name="Path">Where the document lies in the repository: "docs/clients.md".</param>
/// <param name="Title">The document's first heading, or its file name.</param>
/// <param name="Section">The headings that lead here below the title, joined by " › "; empty before the first of them.</param>
/// <param name="Text">The text without its heading.</param>
internal sealed record DocumentSection(string Path, string Title, string Section, string Text);
