namespace Lava.Console.Pages.Overview;

/// <summary>Something to look at.</summary>
/// <param name="Text">What it is.</param>
/// <param name="Path">The page where something can be done about it.</param>
/// <param name="Action">What to do.</param>
internal sealed record AttentionItem(string Text, string Path, string Action);
