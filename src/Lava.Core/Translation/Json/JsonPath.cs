using System.Text;

namespace Lava.Core.Translation.Json;

/// <summary>Where a value stands in a body; put into words only when something is wrong with it.</summary>
/// <param name="Parent">The value around it; null for a member of the root.</param>
/// <param name="Name">Its name; null for an element of an array.</param>
/// <param name="Index">Its place in the array.</param>
internal sealed record JsonPath(JsonPath? Parent, string? Name, int Index)
{
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text);
        return text.ToString();
    }

    private void Append(StringBuilder text)
    {
        Parent?.Append(text);
        if (Name is null) text.Append('[').Append(Index).Append(']');
        else text.Append(text.Length > 0 ? "." : "").Append(Name);
    }
}
