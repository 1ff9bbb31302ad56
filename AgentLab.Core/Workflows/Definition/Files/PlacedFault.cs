namespace AgentLab.Core.Workflows.Definition.Files;

/// <summary>Where JSON as such is not sound.</summary>
/// <param name="Field">JSON pointer from the root; empty for the root.</param>
/// <param name="Code"><c>json</c>, <c>text</c>, <c>name</c>, <c>duplicate</c>, <c>too_large</c> or <c>setting_type</c>.</param>
/// <param name="Message">What is wrong and how to mend it: a sentence.</param>
internal readonly record struct PlacedFault(string Field, string Code, string Message);
