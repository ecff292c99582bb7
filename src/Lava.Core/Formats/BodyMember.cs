using System.Text.Json;

namespace Lava.Core.Formats;

/// <summary>Finds a member of an object without reading more of the body than it must.</summary>
internal static class BodyMember
{
    /// <summary>Goes to the value of a member.</summary>
    /// <param name="reader">Stands at the object's beginning; afterwards at the value, or at the object's end.</param>
    /// <param name="name">The member's name.</param>
    /// <param name="open">Where the object's first member begins, or would.</param>
    /// <param name="isEmpty">Whether the object has no member at all; only where there is none of that name.</param>
    public static bool TryFind(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, out int open, out bool isEmpty)
    {
        open = (int)reader.BytesConsumed;
        isEmpty = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isSought = reader.ValueTextEquals(name);
            reader.Read();
            if (isSought) return true;
            reader.Skip();
        }

        return false;
    }
}
