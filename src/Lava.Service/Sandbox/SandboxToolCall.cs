using System.Text.Json.Nodes;

namespace Lava.Service.Sandbox;

/// <summary>A call of a tool in an answer.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Index">Its place among the calls of the answer.</param>
/// <param name="Arguments">The arguments; empty for a custom tool.</param>
/// <param name="Input">What the call carries: the arguments as JSON, or a custom tool's text.</param>
internal sealed record SandboxToolCall(SandboxTool Tool, int Index, JsonObject Arguments, string Input)
{
    public string Name => Tool.Name;

    public bool IsCustom => Tool.IsCustom;

    /// <summary>One token, and those of what it carries.</summary>
    public long Tokens => 1 + Pieces().LongCount();

    /// <summary>What the call carries, cut into tokens.</summary>
    public IEnumerable<string> Pieces() => SandboxJson.Pieces(Input);
}
