namespace Lava.Console.Pages.Playground;

/// <summary>A model's answer on the page of who has no scripts.</summary>
/// <param name="Model">The model.</param>
/// <param name="RequestId">The request; null where none was made.</param>
/// <param name="Text">What the model said.</param>
/// <param name="Bill">What it cost, in words.</param>
internal sealed record PlaygroundAnswer(string Model, string? RequestId, string Text, string Bill);
