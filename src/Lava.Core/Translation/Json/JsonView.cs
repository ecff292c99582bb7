using System.Text.Json;

namespace Lava.Core.Translation.Json;

/// <summary>A value of a request's body that knows where it stands, so that what is wrong with it can be named. A member that is absent is a view without a
/// value; null counts as absent, as every vendor has it.</summary>
internal readonly struct JsonView(JsonElement value, JsonPath? path, Issues issues)
{
    public JsonElement Value => value;

    public Issues Issues => issues;

    public JsonPath? Path => path;

    /// <summary>Its name; empty for an element of a list.</summary>
    public string Name => path?.Name ?? "";

    public string Field => path?.ToString() ?? "";

    public bool Exists => value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public bool IsString => value.ValueKind == JsonValueKind.String;

    public bool IsArray => value.ValueKind == JsonValueKind.Array;

    public bool IsObject => value.ValueKind == JsonValueKind.Object;

    public bool IsTrue => value.ValueKind == JsonValueKind.True;

    /// <summary>A member; without a value where this is no object or has none of that name.</summary>
    public JsonView this[string name]
    {
        get
        {
            JsonElement member = default;
            if (path is null or { Parent: null, Name: not null }) issues.Look(path?.Name, name);
            if (IsObject) value.TryGetProperty(name, out member);
            return new JsonView(member, new JsonPath(path, name, -1), issues);
        }
    }

    /// <summary>A member that may be spelled in two ways, as Google's may.</summary>
    public JsonView this[string name, string other] => this[name] is { Exists: true } found ? found : this[other];

    /// <summary>The elements of an array; none where it is absent. Anything else is an issue.</summary>
    public IEnumerable<JsonView> Items()
    {
        if (!IsArray)
        {
            if (Exists) Malformed("must be a list");
            yield break;
        }

        var index = 0;
        foreach (var item in value.EnumerateArray()) yield return new JsonView(item, new JsonPath(path, null, index++), issues);
    }

    /// <summary>The members of an object; none where it is something else.</summary>
    public IEnumerable<JsonView> Members()
    {
        if (!IsObject) yield break;
        foreach (var member in value.EnumerateObject()) yield return new JsonView(member.Value, new JsonPath(path, member.Name, -1), issues);
    }

    /// <summary>An object; an issue where it is anything else, absent included.</summary>
    public bool IsGivenObject()
    {
        if (!IsObject) Malformed("must be an object");
        return IsObject;
    }

    /// <summary>An object where there is one; an issue where it is neither that nor absent.</summary>
    public bool IsOptionalObject()
    {
        if (Exists && !IsObject) Malformed("must be an object");
        return IsObject;
    }

    /// <summary>A string; null where it is absent. Anything else is an issue.</summary>
    public string? Text()
    {
        if (!Exists) return null;
        if (!IsString)
        {
            Malformed("must be a string");
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            Malformed("is not text");
            return null;
        }
    }

    /// <summary>A string that must be there; empty after an issue.</summary>
    public string RequiredText()
    {
        if (!Exists) Malformed("is missing");
        return Text() ?? "";
    }

    public bool? Flag()
    {
        if (!Exists) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.ValueKind == JsonValueKind.True;
        Malformed("must be true or false");
        return null;
    }

    /// <summary>A whole number within bounds that no provider exceeds; some SDKs write it with a decimal point.</summary>
    public long? Whole()
    {
        if (Number() is not { } number) return null;
        if (Math.Abs(number) <= 1e15 && Math.Floor(number) == number) return (long)number;
        Malformed("must be a whole number");
        return null;
    }

    public double? Number()
    {
        if (!Exists) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)) return number;
        Malformed("must be a number");
        return null;
    }

    /// <summary>Texts of a list, or the one text that stands for it.</summary>
    public IReadOnlyList<string> Texts()
    {
        if (IsString) return [RequiredText()];
        var texts = new List<string>();
        foreach (var item in Items()) texts.Add(item.RequiredText());
        return texts;
    }

    public void Malformed(string what)
    {
        if (issues.First is not null) return;
        var field = Field;
        issues.Malformed(field, field.Length == 0 ? $"The body {what}." : $"{field} {what}.");
    }

    /// <summary>Says that the other side has nothing like this.</summary>
    public void Refuse(string why) => issues.Unsupported(path, why);

    /// <summary>Refuses a member where it is given.</summary>
    public void RefuseIfGiven(string why)
    {
        if (Exists) Refuse(why);
    }
}
