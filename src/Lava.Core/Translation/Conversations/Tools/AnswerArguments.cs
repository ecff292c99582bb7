using System.Text.Json;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation.Conversations.Tools;

/// <summary>Arguments that a model made, for clients that take them as an object.</summary>
internal static class AnswerArguments
{
    /// <summary>The member that carries what is no JSON object: an answer that was cut, or a model's mistake. Nothing of it is lost, and the client's tool says
    /// what it misses.</summary>
    public const string Broken = "_unparsed_arguments";

    public static void Write(string arguments, Utf8JsonWriter json)
    {
        if (JsonText.TryWriteObject(json, arguments)) return;
        json.WriteStartObject();
        json.WriteString(Broken, arguments);
        json.WriteEndObject();
    }
}
