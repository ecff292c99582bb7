using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lava.Service.Api.Input;

/// <summary>The members that a JSON body may have, at every depth.</summary>
internal sealed class BodyShape
{
    private static readonly ConcurrentDictionary<(Type? Body, Type? Sent), BodyShape> Made = new();
    private static readonly IReadOnlyDictionary<string, Type> None = FrozenDictionary<string, Type>.Empty;

    private readonly IReadOnlyList<string> _read;
    private readonly FrozenDictionary<string, BodyShape?> _members;

    private BodyShape(IReadOnlyDictionary<string, Type> body, IReadOnlyDictionary<string, Type> sent)
    {
        _read = [.. body.Keys];

        // What is not read is not looked into: it was ours, and comes back as it went. A shape that is null takes any value.
        var members = sent.Keys.ToDictionary(name => name, _ => (BodyShape?)null, StringComparer.Ordinal);
        foreach (var (name, type) in body)
        {
            var other = sent.TryGetValue(name, out var given) ? Inner(given) : null;
            members[name] = Inner(type) is { } inner ? new BodyShape(Members(inner), Members(other)) : null;
        }

        _members = members.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The shape of a body.</summary>
    /// <param name="body">The type that the API's document shows; null where the body has no members.</param>
    /// <param name="sent">The object as the API sends it, whose members pass too; null for none.</param>
    public static BodyShape Of(Type? body, Type? sent) => Made.GetOrAdd((body, sent), static key => new BodyShape(Members(key.Body), Members(key.Sent)));

    /// <summary>The first unknown member as a path, with the names that are read at its place; null where all are known.</summary>
    /// <param name="value">An object, or a list of them. Values of other kinds have no members.</param>
    public (List<string> Path, IReadOnlyList<string> Names)? FindUnknown(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                if (!_members.TryGetValue(member.Name, out var shape)) return ([member.Name], _read);
                if (shape?.FindUnknown(member.Value) is { } found) return Below(member.Name, found);
            }
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var (index, item) in value.EnumerateArray().Index())
            {
                if (FindUnknown(item) is { } found) return Below(index.ToString(CultureInfo.InvariantCulture), found);
            }
        }

        return null;
    }

    private static (List<string> Path, IReadOnlyList<string> Names) Below(string name, (List<string> Path, IReadOnlyList<string> Names) found)
    {
        found.Path.Insert(0, name);
        return found;
    }

    private static IReadOnlyDictionary<string, Type> Members(Type? type) => type is null
        ? None
        : type.GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(
            property => property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name),
            property => property.PropertyType,
            StringComparer.Ordinal);

    // The object that a member holds, or the objects of its list; null where it holds a single value or whatever the caller likes.
    private static Type? Inner(Type type)
    {
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)) type = type.GetGenericArguments()[0];
        return type.IsClass && type.Assembly == typeof(BodyShape).Assembly ? type : null;
    }
}
