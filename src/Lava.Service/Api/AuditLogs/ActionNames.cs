using System.Text;

namespace Lava.Service.Api.AuditLogs;

/// <summary>Names of actions in the audit log, made of the names of the API's operations: <c>rotateSpendKey</c> is <c>spend_key.rotated</c>.</summary>
internal static class ActionNames
{
    private static readonly Dictionary<string, string> Verbs = new(StringComparer.Ordinal)
    {
        ["add"] = "added", ["adjust"] = "adjusted", ["advance"] = "advanced", ["archive"] = "archived", ["cancel"] = "canceled", ["complete"] = "completed",
        ["create"] = "created", ["delete"] = "deleted", ["dispute"] = "disputed", ["fund"] = "funded", ["grant"] = "granted", ["invite"] = "invited",
        ["pay"] = "paid", ["refund"] = "refunded", ["remove"] = "removed", ["reset"] = "reset", ["resume"] = "resumed", ["revoke"] = "revoked",
        ["rotate"] = "rotated", ["send"] = "sent", ["set"] = "updated", ["suspend"] = "suspended", ["test"] = "tested", ["update"] = "updated",
        ["upload"] = "uploaded", ["void"] = "voided",
    };

    /// <summary>The action of an operation. An operation with an unknown verb keeps its own name; a test finds it.</summary>
    public static string Of(string operation) => operation == "redeliver" ? "delivery.redelivered" : Find(operation) ?? operation;

    /// <summary>The action of an operation; null where its verb is unknown.</summary>
    public static string? Find(string operation)
    {
        var end = operation.AsSpan().IndexOfAnyInRange('A', 'Z');
        if (end < 0 || !Verbs.TryGetValue(operation[..end], out var verb)) return null;
        var name = new StringBuilder();
        foreach (var letter in operation.AsSpan(end))
        {
            if (char.IsAsciiLetterUpper(letter) && name.Length > 0) name.Append('_');
            name.Append(char.ToLowerInvariant(letter));
        }

        return name.Append('.').Append(verb).ToString();
    }
}
