namespace Lava.Core.Translation.OpenAi;

/// <summary>What models of OpenAI's and of others differ in.</summary>
public static class OpenAiModel
{
    /// <summary>Whether a model is OpenAI's own, whose newer ones refuse <c>max_tokens</c>; hosts of others know that name best.</summary>
    public static bool IsOpenAis(string model)
    {
        var name = NameOf(model);
        return (name.StartsWith("gpt-") && !name.StartsWith("gpt-oss")) || name.StartsWith("chatgpt") || name.SequenceEqual("chat-latest") || IsO(name);
    }

    /// <summary>Whether a model of OpenAI's takes custom tools: GPT-5 and later do.</summary>
    public static bool HasCustomTools(string model) => IsFifth(NameOf(model));

    private static bool IsFifth(ReadOnlySpan<char> name) => name.StartsWith("gpt-") && name.Length > 4 && name[4] is >= '5' and <= '9';

    private static bool IsO(ReadOnlySpan<char> name) => name.Length > 1 && name[0] == 'o' && char.IsAsciiDigit(name[1]);

    private static ReadOnlySpan<char> NameOf(string model) => model.AsSpan(model.LastIndexOf('/') + 1);
}
