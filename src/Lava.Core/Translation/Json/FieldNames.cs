namespace Lava.Core.Translation.Json;

/// <summary>What a format calls the members that the other side may not be able to carry.</summary>
internal sealed record FieldNames(string Messages, string Stop, string Tools, string ToolChoice, string Output);
