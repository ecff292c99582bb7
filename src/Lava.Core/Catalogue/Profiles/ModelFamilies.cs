using System.Text.RegularExpressions;

namespace Lava.Core.Catalogue.Profiles;

/// <summary>What holds for whole families of models, in the words of a profile, by their names. Whoever serves such a model, its maker's rules hold for it.
/// The first family that fits counts.</summary>
public static class ModelFamilies
{
    private const string ClaudeEfforts = "adaptive effort:low,medium,high,xhigh,max prefill:no thoughts:hidden";

    /// <summary>When the pages were last read.</summary>
    private static readonly DateOnly ReadOn = new(2026, 11, 28);

    private static readonly ModelSource[] Claude = Pages(
        "https://platform.claude.com/docs/en/about-claude/models/migration-guide",
        "https://platform.claude.com/docs/en/models/opus-5-5/migration-guide",
        "https://platform.claude.com/docs/en/models/sonnet-5-5/whats-new-sonnet-5-5",
        "https://platform.claude.com/docs/en/build-with-claude/extended-thinking",
        "https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking",
        "https://platform.claude.com/docs/en/build-with-claude/thinking",
        "https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-7",
        "https://platform.claude.com/docs/en/build-with-claude/effort");

    private static readonly ModelSource[] OpenAi = Pages(
        "https://developers.openai.com/api/docs/guides/latest-model",
        "https://developers.openai.com/api/docs/guides/deployment-checklist",
        "https://developers.openai.com/api/docs/guides/reasoning",
        "https://developers.openai.com/api/docs/api-reference/chat");

    private static readonly ModelSource[] Gemini = Pages(
        "https://ai.google.dev/gemini-api/docs/thinking", "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/thinking");

    private static readonly ModelSource[] Grok = Pages("https://docs.x.ai/docs/guides/reasoning");

    private static readonly (Regex Pattern, string Words, ModelSource[] Sources)[] Families =
    [
        // Claude. Always thinking, or told between_tools; a forced tool is refused.
        Family(
            Claude, @"claude-(fable|mythos)(-[5-9]|-latest)|claude-opus-(5-[5-9]|latest)", $"{ClaudeEfforts} sampling:none default:on off:no forced_tools:no"),
        Family(Claude, @"claude-sonnet-(5-[5-9]|latest)", $"{ClaudeEfforts} sampling:none default:on off:between_tools forced_tools:no"),
        Family(Claude, @"claude-haiku-(5|latest)|claude-(opus|sonnet)-5", $"{ClaudeEfforts} sampling:none default:on off:yes"),
        Family(Claude, @"claude-opus-4-[78]", $"{ClaudeEfforts} sampling:none off:yes"),
        Family(Claude, @"claude-(opus|sonnet)-4-6", "adaptive budget:1024- effort:low,medium,high,max sampling:one off:yes prefill:no"),
        Family(Claude, @"claude-(opus|sonnet|haiku)-4-5|claude-opus-4-1", "budget:1024- sampling:one off:yes prefill:yes"),
        Family(Claude, @"claude-(opus|sonnet)-4|claude-3-7", "budget:1024- off:yes prefill:yes"),
        Family(Claude, @"claude-(2|3|instant|v2)", "reasoning:no prefill:yes"),

        // OpenAI. Models of Responses alone come first, and models of ChatGPT, which do not take efforts.
        Family(OpenAi, @"gpt-oss", ""),
        Family(OpenAi, @"gpt-5(-[123])?-chat", "reasoning:no sampling:any"),
        Family(OpenAi, @"gpt-5-codex|gpt-5-1-codex-mini|gpt-5-1-codex$", "effort:low,medium,high sampling:none stop:no penalties:no default:on api:responses"),
        Family(OpenAi, @"gpt-5-1-codex-max", "effort:none,low,medium,high,xhigh sampling:idle stop:no penalties:no default:on api:responses"),
        Family(OpenAi, @"gpt-[56](-\d)?-(codex|pro)|o[134](-mini)?-(pro|deep-research)", "sampling:idle stop:no penalties:no default:on api:responses"),
        Family(OpenAi, @"gpt-(5-[56789]|[6-9]|daybreak|astra|luna|sol|terra)", "sampling:idle stop:no penalties:no default:on chat_tools:idle"),
        Family(OpenAi, @"gpt-5-4", "sampling:idle stop:no penalties:no chat_tools:idle"),
        Family(OpenAi, @"gpt-5-[123]", "sampling:idle stop:no penalties:no"),
        Family(OpenAi, @"gpt-5", "sampling:none stop:no penalties:no default:on"),
        Family(OpenAi, @"o[134]", "sampling:none stop:no penalties:no parallel:no default:on"),
        Family(OpenAi, @"gpt-[34][a-z0-9]*|chatgpt", "reasoning:no"),

        // Gemini. From the third generation on by levels, before by budgets.
        Family(Gemini, @"gemini-(1|2-0)|gemini-2-5-(flash-image|flash-preview-tts|pro-preview-tts)|gemini-embedding", "reasoning:no"),
        Family(Gemini, @"gemini-2-5-pro", "budget:128-32768 default:on off:no"),
        Family(Gemini, @"gemini-2-5-flash-lite", "budget:512-24576 off:yes"),
        Family(Gemini, @"gemini-2-5-flash", "budget:0-24576 default:on off:yes"),
        Family(Gemini, @"gemini-[3-9]", "default:on off:no"),

        // Grok. What reasons takes neither stop sequences nor penalties.
        Family(Grok, @"grok-[3-9a-z0-9-]*non-reasoning", "reasoning:no"),
        Family(Grok, @"grok-(4|build|code|3-mini)", "stop:no penalties:no"),
    ];

    /// <summary>The words of a model's family; empty where none is known.</summary>
    /// <param name="name">Its name as any provider has it: <c>us.anthropic.claude-opus-5-v1:0</c>, <c>anthropic/claude-opus-5</c>.</param>
    public static string WordsOf(string name) => Find(name).Words;

    /// <summary>Where the words of a model's family come from; empty where no family is known.</summary>
    /// <param name="name">Its name as any provider has it.</param>
    public static IReadOnlyList<ModelSource> SourcesOf(string name) => Find(name).Sources;

    private static (string Words, ModelSource[] Sources) Find(string name)
    {
        var plain = name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant().Replace('.', '-');
        foreach (var (pattern, words, sources) in Families)
        {
            if (pattern.IsMatch(plain)) return (words, sources);
        }

        return ("", []);
    }

    private static ModelSource[] Pages(params string[] urls) => [.. urls.Select(url => new ModelSource(url, ReadOn))];

    private static (Regex Pattern, string Words, ModelSource[] Sources) Family(ModelSource[] sources, string pattern, string words) =>
        (new Regex($@"(?:^|-|~)(?:{pattern})(?:$|-|:|@)", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking), words, sources);
}
