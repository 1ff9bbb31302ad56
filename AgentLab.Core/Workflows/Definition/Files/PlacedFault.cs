namespace AgentLab.Core.Workflows.Definition.Schemas;

/// <summary>Where a value does not fit its schema, or cannot be looked at.</summary>
/// <param name="Field">JSON pointer from the value's root: empty for the root, <c>/items/3/name</c>.</param>
/// <param name="Code"><c>required</c>, <c>type</c>, <c>choice</c>, <c>range</c>, <c>length</c>, <c>unknown</c>, <c>pattern</c>, <c>format</c>, <c>form</c>; or of JSON as such: <c>json</c>, <c>text</c>, <c>name</c>, <c>duplicate</c>, <c>too_large</c>.</param>
/// <param name="Message">What is wrong and how to mend it, beginning with what the field is called.</param>
internal readonly record struct PlacedFault(string Field, string Code, string Message);
