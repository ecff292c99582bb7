using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Lava.Core.Translation.Json;

namespace Lava.Core.Tests.Translation;

/// <summary>Canonical values as text, to compare them member by member; where a part stood is no part of what it says.</summary>
internal static class Canon
{
    public static string Text(object? value)
    {
        var text = new StringBuilder();
        Append(value, text);
        return text.ToString();
    }

    private static void Append(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null or JsonPath:
                text.Append('-');
                break;
            case string or bool or Enum or IFormattable:
                text.Append(value is IFormattable number ? number.ToString(null, System.Globalization.CultureInfo.InvariantCulture) : JsonSerializer.Serialize(value));
                break;
            case JsonElement element:
                text.Append(element.ValueKind == JsonValueKind.Undefined ? "-" : Run.Text(element));
                break;
            case IEnumerable items:
                text.Append('[');
                foreach (var item in items)
                {
                    Append(item, text);
                    text.Append(' ');
                }

                text.Append(']');
                break;
            default:
                text.Append(value.GetType().Name).Append('(');
                foreach (var member in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.GetIndexParameters().Length == 0 && member.CanWrite))
                    Append(text, member.Name, member.GetValue(value));
                text.Append(')');
                break;
        }
    }

    private static void Append(StringBuilder text, string name, object? value)
    {
        text.Append(name).Append(':');
        Append(value, text);
        text.Append(' ');
    }
}
