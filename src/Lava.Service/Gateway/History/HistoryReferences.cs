using System.Buffers;
using System.Text.Json;
using Lava.Core.Translation.Responses;
using Lava.Service.Api.Errors;
using Lava.Service.Gateway.Calls;
using Lava.Service.Gateway.Intake;
using Microsoft.Extensions.Options;

namespace Lava.Service.Gateway.History;

/// <summary>Puts what a request refers to into the request, so that any model can read it and it is reserved and charged for like the rest.</summary>
internal sealed class HistoryReferences(ResponseHistory history, IOptions<GatewayOptions> options)
{
    /// <summary>Responses that one request may refer to.</summary>
    private const int MaxAnswers = 1_000;

    /// <summary>How many times a longest body may be read for one request: each kept response has the conversation up to it.</summary>
    private const long MostRead = 4;

    /// <summary>Replaces the references of a request for a response to what Lava keeps. Any others stay as they are.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>Why it cannot be done; null if it is done.</returns>
    /// <exception cref="Ports.Tables.TableStoreException">The store failed.</exception>
    public ValueTask<ApiError?> ReplaceAsync(IncomingCall call, CancellationToken cancellationToken) =>
        ResponsesReferences.AreIn(call.Body.Span) ? TryReplaceAllAsync(call, cancellationToken) : ValueTask.FromResult<ApiError?>(null);

    private async ValueTask<ApiError?> TryReplaceAllAsync(IncomingCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await ReplaceAllAsync(call, cancellationToken);
        }
        catch (InvalidOperationException)
        {
            // A name or a string that is not text, such as half of a surrogate pair in an escape.
            return ApiError.InvalidJson("The body has strings that are not valid text.");
        }
    }

    private async ValueTask<ApiError?> ReplaceAllAsync(IncomingCall call, CancellationToken cancellationToken)
    {
        using var body = TryParse(call.Body);
        if (body is null) return null;
        List<ResponsesReference> references = [.. ResponsesReferences.Find(body.RootElement)];
        if (references.Count == 0) return null;
        List<string> answers = [.. references.Select(reference => reference.Answer).Distinct()];
        if (answers.Count > MaxAnswers) return ApiError.Validation(Issue.At("input", $"input may refer to items of at most {MaxAnswers} responses."));
        if (await history.FindAllAsync(call.Tenant, answers, MostRead * options.Value.MaxBodyBytes, cancellationToken) is not { } kept)
            return ApiError.TooLarge(options.Value.MaxBodyBytes);
        try
        {
            var output = new ArrayBufferWriter<byte>(call.Body.Length * 2);
            var elements = kept.ToDictionary(entry => entry.Key, entry => entry.Value.RootElement);
            if (!ResponsesReferences.TryExpand(body.RootElement, elements, output, out var missing))
                return ApiError.ResponseNotKept(missing.Id, missing.Field, missing.IsConversation && elements.ContainsKey(missing.Answer));
            if (output.WrittenCount > options.Value.MaxBodyBytes) return ApiError.TooLarge(options.Value.MaxBodyBytes);
            call.Continue(output.WrittenMemory, references.Find(reference => reference.IsConversation).Id);
            return null;
        }
        finally
        {
            foreach (var answer in kept.Values) answer.Dispose();
        }
    }

    private static JsonDocument? TryParse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            // What reads the request next says so.
            return null;
        }
    }
}
