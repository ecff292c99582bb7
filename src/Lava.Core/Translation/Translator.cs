using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Lava.Core.Catalogue;
using Lava.Core.Catalogue.Profiles;
using Lava.Core.Translation.Adaptation;
using Lava.Core.Translation.Conversations;
using Lava.Core.Translation.Conversations.Tools;
using Lava.Core.Translation.Json;

namespace Lava.Core.Translation;

/// <summary>Translates calls of a client that speaks one format to a provider that speaks another (behaviour.md §3). Equal formats are the caller's to pass
/// through untouched, unless the client's body is of another form than its format. Stateless.</summary>
public sealed class Translator
{
    private readonly Dialect _client;
    private readonly Dialect _provider;

    private Translator(Dialect client, Dialect provider)
    {
        _client = client;
        _provider = provider;
    }

    /// <summary>The translator between two formats; null where one of them is not one of conversations.</summary>
    public static Translator? For(WireFormat client, WireFormat provider) =>
        Dialect.Of(client) is { } from && Dialect.Of(provider) is { } to ? new Translator(from, to) : null;

    /// <summary>Translates a request.</summary>
    /// <param name="body">The client's body.</param>
    /// <param name="options">What the body does not say.</param>
    /// <param name="request">The provider's request, if the result is true.</param>
    /// <param name="issue">Why there is none, if the result is false; its field is named as the client's format does.</param>
    public bool TryTranslate(
        ReadOnlyMemory<byte> body,
        TranslationOptions options,
        [NotNullWhen(true)] out TranslatedRequest? request,
        [NotNullWhen(false)] out TranslationIssue? issue)
    {
        request = null;
        var issues = new Issues(_client.Names);
        using var document = JsonText.TryParse(body);
        if (document is null) issues.Malformed("", $"The body is not JSON in UTF-8, or nests deeper than {JsonText.MaxDepth} levels.");
        else request = Translate(document.RootElement, options, issues);
        issue = issues.First;
        return issue is null && request is not null;
    }

    /// <summary>Writes a provider's error in the client's dialect, with the provider's message; the status stays the provider's, and the caller's to
    /// send.</summary>
    /// <param name="status">The provider's HTTP status.</param>
    /// <param name="body">The provider's body; where no message is in it, the status stands for it.</param>
    /// <param name="output">Receives the client's body, JSON.</param>
    public void TranslateError(int status, ReadOnlyMemory<byte> body, IBufferWriter<byte> output)
    {
        using var document = JsonText.TryParse(body);
        var error = new ProviderError(status, "");
        try
        {
            error = _provider.ReadError(status, document?.RootElement ?? default);
        }
        catch (InvalidOperationException)
        {
            // A message that is not text is none.
        }

        if (error.Message.Length == 0) error = error with { Message = $"The provider answered with status {status}." };
        using var json = JsonOutput.Open(output);
        _client.WriteError(error, json);
    }

    /// <summary>Writes an error in a client's dialect: one of the gateway's own, or one that was read already.</summary>
    /// <param name="client">The client's format; one that is not of conversations gets OpenAI's.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="code">The error's code (<c>model_not_found</c>), for the formats that have one; null for the one of the status.</param>
    /// <param name="message">The message.</param>
    /// <param name="output">Receives the body, JSON.</param>
    public static void WriteError(WireFormat client, int status, string? code, string message, IBufferWriter<byte> output)
    {
        using var json = JsonOutput.Open(output);
        (Dialect.Of(client) ?? Dialect.Of(WireFormat.OpenAiChat)!).WriteError(new ProviderError(status, message, null, code), json);
    }

    /// <summary>The header that a client's dialect wants with an error beside the body; null where it wants none. Amazon's SDKs look for the exception's type
    /// there.</summary>
    /// <param name="client">The client's format.</param>
    /// <param name="status">HTTP status.</param>
    public static KeyValuePair<string, string>? ErrorHeader(WireFormat client, int status) =>
        client == WireFormat.BedrockConverse ? KeyValuePair.Create("x-amzn-errortype", Bedrock.BedrockErrors.TypeOf(status)) : null;

    private TranslatedRequest? Translate(JsonElement body, TranslationOptions options, Issues issues)
    {
        try
        {
            var conversation = _client.ReadRequest(new JsonView(body, null, issues));
            var asked = options.PathModel ?? conversation.Model;
            conversation = conversation with { Model = options.Model ?? asked, Stream = conversation.Stream || options.PathStreams };
            if (conversation.Model.Length == 0) issues.Malformed("model", "model is missing.");
            if (issues.First is not null) return null;
            var temperature = conversation.Temperature;
            var profile = options.ProfileOf?.Invoke(conversation.Model) ?? ModelProfile.OfName(conversation.Model);
            if (!AreOneFamily && !profile.WantsThoughts) conversation = conversation with { Turns = Turns.WithoutThinking(conversation.Turns) };
            var wrapped = CustomTools.None;
            if (!HasCustomTools(conversation.Model, options))
            {
                wrapped = CustomTools.NamesOf(conversation.Tools);
                conversation = CustomTools.AsFunctions(conversation);
            }

            var log = new Adaptations();
            LeftOut.Tell(body, issues, log);
            var adapted = ModelAdaptation.Apply(conversation, profile, _provider.Format, issues, log);
            if (issues.First is not null) return null;
            conversation = adapted.Conversation;
            var buffer = new ArrayBufferWriter<byte>();
            using (var json = JsonOutput.Open(buffer)) _provider.WriteRequest(conversation, json, issues);
            if (issues.First is not null) return null;
            var keptId = conversation.Store ? options.KeptId : null;
            var frame = new ReplyFrame
            {
                Model = asked.Length > 0 ? asked : conversation.Model,
                AnswerId = keptId ?? options.AnswerId,
                IsKept = keptId is not null,
                PreviousResponse = options.PreviousResponse,
                CreatedAt = options.CreatedAt.ToUnixTimeSeconds(),
                IncludeUsage = conversation.IncludeUsage,
                CustomAsFunctions = conversation.CustomAsFunctions,
                AsArray = _client.Format == WireFormat.Gemini && conversation.Stream && !options.AsEvents,
            };
            var rules = new AnswerRules
            {
                AnswerId = options.AnswerId,
                OutputTool =
                    _provider.Format is WireFormat.Anthropic or WireFormat.BedrockConverse && OutputTool.IsUsed(conversation) ? OutputTool.Name : null,
                Wrapped = wrapped,
                ToolNames = adapted.ToolNames,
                Stops = adapted.Stops,
            };
            return new TranslatedRequest(_client, _provider, frame, rules, buffer.WrittenMemory)
            {
                Model = conversation.Model,
                Stream = conversation.Stream,
                HasTemperature = temperature > 0,
                KeptId = keptId,
                Adapted = log.Facts,
            };
        }
        catch (InvalidOperationException)
        {
            // A name or a string that is not text, such as half of a surrogate pair in an escape.
            issues.Malformed("", "The body has strings that are not valid text.");
            return null;
        }
    }

    /// <summary>Whether the provider's model takes custom tools.</summary>
    private bool HasCustomTools(string model, TranslationOptions options) =>
        options.HasCustomTools && _provider.Format is WireFormat.OpenAiChat or WireFormat.OpenAiResponses && OpenAi.OpenAiModel.HasCustomTools(model);

    /// <summary>Whether both believe the same signatures of thoughts: Claude's, at Anthropic and in Bedrock.</summary>
    private bool AreOneFamily => IsClaudes(_client.Format) && IsClaudes(_provider.Format);

    private static bool IsClaudes(WireFormat format) => format is WireFormat.Anthropic or WireFormat.BedrockConverse;
}
