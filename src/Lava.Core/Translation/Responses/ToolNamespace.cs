namespace Lava.Core.Translation.Responses;

/// <summary>Names of tools in namespaces (Responses' tools of the type <c>namespace</c>): no other format has such, so that the conversation has one name of
/// both. No format takes the character between them, so it is always replaced for a provider and comes back with the call.</summary>
internal static class ToolNamespace
{
    private const char Separator = '\u001f';

    /// <summary>The conversation's name of a tool.</summary>
    /// <param name="space">Its namespace; null for none.</param>
    /// <param name="name">Its name there.</param>
    public static string Join(string? space, string name) => string.IsNullOrEmpty(space) ? name : $"{space}{Separator}{name}";

    /// <summary>The namespace, null for none, and the name in it.</summary>
    public static (string? Space, string? Name) Split(string? name) =>
        name?.IndexOf(Separator, StringComparison.Ordinal) is { } at and >= 0 ? (name[..at], name[(at + 1)..]) : (null, name);
}
