using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace Stripe;

/// <summary>Options as Stripe takes them: <c>a=1</c>, <c>list[0]=…</c>, <c>map[key]=…</c>, nothing for what is null.</summary>
internal static class FormEncoding
{
    public static List<KeyValuePair<string, string>> Flatten(BaseOptions options)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        if (options is not null) Add(pairs, null, options);
        return pairs;
    }

    private static void Add(List<KeyValuePair<string, string>> pairs, string name, object value)
    {
        switch (value)
        {
            case null:
                break;
            case string text:
                pairs.Add(new(name, text));
                break;
            case bool flag:
                pairs.Add(new(name, flag ? "True" : "False"));
                break;
            case IDictionary map:
                foreach (DictionaryEntry entry in map) Add(pairs, $"{name}[{entry.Key}]", entry.Value);
                break;
            case IEnumerable list:
                var index = 0;
                foreach (var item in list) Add(pairs, $"{name}[{index++}]", item);
                break;
            case IFormattable plain:
                pairs.Add(new(name, plain.ToString(null, CultureInfo.InvariantCulture)));
                break;
            default:
                foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    var own = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
                    Add(pairs, name is null ? own : $"{name}[{own}]", property.GetValue(value));
                }

                break;
        }
    }
}
