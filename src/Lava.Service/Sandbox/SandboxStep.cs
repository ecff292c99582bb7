using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>One answer of a <see cref="SandboxScript"/>.</summary>
/// <param name="Text">What is said before the calls, or as the end; null for nothing.</param>
/// <param name="Calls">The tools called together: each with its arguments, or a custom tool's text; null for the smallest that its schema allows.</param>
/// <param name="Directives">What else holds for this answer, as in <c>[sandbox: …]</c>; null for nothing.</param>
internal sealed record SandboxStep(string? Text, IReadOnlyList<(string Name, JsonObject? Arguments, string? Input)> Calls, string? Directives);
