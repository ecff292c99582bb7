namespace Lava.Console.Pages.Pricing;

/// <summary>A bundle of a plan's form.</summary>
/// <param name="Id">Its id; empty for a new one.</param>
/// <param name="Name">Its name.</param>
/// <param name="Cost">US dollars, as typed.</param>
/// <param name="Credits">Credits, as typed.</param>
/// <param name="IsRemoved">Whether it goes.</param>
public sealed record BundleRow(string Id, string Name, string Cost, string Credits, bool IsRemoved)
{
    /// <summary>A row with nothing in it.</summary>
    public static readonly BundleRow Empty = new("", "", "", "", false);
}
