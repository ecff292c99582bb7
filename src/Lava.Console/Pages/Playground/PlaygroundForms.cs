using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lava.Console.Parts;
using Lava.Console.Serving;
using Lava.Core.Translation.OpenAi;
using Lava.Service.Api.Endpoints;
using Lava.Service.Api.Errors;
using Lava.Service.Credentials;
using Lava.Service.Gateway.Routing;
using Lava.Service.Reporting.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Lava.Console.Pages.Playground;

/// <summary>Asks models for a visit. With the page's script the gateway's stream goes to the browser as it comes, and what it cost follows it; without, the
/// whole answer is shown on a page.</summary>
internal sealed class PlaygroundForms(ConsoleRoutes pages, PageWriter writer, ConsoleApi api, PageCalls calls) : IEndpoints
{
    private const string RequestIdHeader = "x-lava-request-id";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => pages.Form(routes, "/playground", "Playground", "playground", AskAsync);

    private Task AskAsync(CurrentVisit visit) => visit.Form["stream"] == "yes" ? StreamAsync(visit) : ShowAsync(visit);

    private async Task StreamAsync(CurrentVisit visit)
    {
        var http = visit.Http;
        http.Response.Headers.CacheControl = "no-store";
        await CallAsync(visit, streams: true);
        if (http.Response.ContentType?.StartsWith("text/event-stream", StringComparison.Ordinal) != true) return;
        var bill = new JsonObject { ["lava"] = await BillAsync(visit, RequestId(http)) };
        await http.Response.WriteAsync($"data: {bill.ToJsonString()}\n\n", http.RequestAborted);
    }

    private async Task ShowAsync(CurrentVisit visit)
    {
        // The gateway writes to a page's request as to any; here its answer is read and becomes a part of the page.
        var http = visit.Http;
        var body = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var answer = new MemoryStream();
        int status;
        string? requestId;
        try
        {
            http.Response.Body = answer;
            await CallAsync(visit, streams: false);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            (status, requestId) = (http.Response.StatusCode, RequestId(http));
        }
        finally
        {
            http.Features.Set(body);
        }

        http.Response.Headers.Clear();
        visit.Status = status;
        var text = Encoding.UTF8.GetString(answer.GetBuffer().AsSpan(0, (int)answer.Length));
        if (status == StatusCodes.Status200OK)
            visit.Answer = new PlaygroundAnswer(visit.Form["model"], requestId, TextOf(text), await BillAsync(visit, requestId));
        else visit.Form = visit.Form with { Error = ApiError.Validation(Issue.At("model", MessageOf(text) ?? "The model could not be asked.")) };
        await writer.WriteAsync<PlaygroundPage>(visit);
    }

    private async Task CallAsync(CurrentVisit visit, bool streams)
    {
        var form = visit.Form;
        var messages = new JsonArray();
        if (form["system"].Length > 0) messages.Add(new JsonObject { ["role"] = "system", ["content"] = form["system"] });
        messages.Add(new JsonObject { ["role"] = "user", ["content"] = form["prompt"] });
        var body = new JsonObject { ["model"] = form["model"], ["messages"] = messages };
        if (streams) body["stream"] = true;

        // What is no number is sent as it is, to be refused as everybody's is.
        var name = form["model"];
        var limit = OpenAiModel.IsOpenAis(name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]) ? "max_completion_tokens" : "max_tokens";
        if (form["max_tokens"] is { Length: > 0 } most)
            body[limit] = int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : most;
        await calls.ChatAsync(
            visit.Http,
            visit.Tenant,
            visit.SignedIn!.Caller,
            form["customer_id"] is { Length: > 0 } customer ? customer : null,
            form["meter"] is { Length: > 0 } meter ? meter : null,
            """{"source":"playground"}""",
            Encoding.UTF8.GetBytes(body.ToJsonString()));
    }

    // Booked a few milliseconds after the answer's end; the API waits for that.
    private async Task<string> BillAsync(CurrentVisit visit, string? requestId)
    {
        if (requestId is null) return "";
        if (!visit.May(Scopes.Read("requests"))) return "What it cost stands among the requests, which your sign-in may not see.";
        var path = $"/requests/{Uri.EscapeDataString(requestId)}?settled=true";
        if ((await api.GetAsync(visit, path, RequestsJson.Default.RequestResponse)).Value is not { Status: "completed" } request)
            return "The cost is not booked yet. The request's page will show it.";
        var usage = request.ModelUsage;
        var text = $"{Money.Dollars(request.Cost)} · {Money.Count(usage.InputTokens)} tokens in, {Money.Count(usage.OutputTokens)} out";
        return Money.Of(request.Charge.Amount) > 0 ? $"{text} · charged {Money.Dollars(request.Charge.Amount)} in credits" : text;
    }

    private static string? RequestId(HttpContext http) => http.Response.Headers[RequestIdHeader].ToString() is { Length: > 0 } id ? id : null;

    private static string TextOf(string json)
    {
        using var answer = JsonDocument.Parse(json);
        return answer.RootElement.TryGetProperty("choices", out var choices) && choices.GetArrayLength() > 0
            && choices[0].GetProperty("message").TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : "";
    }

    private static string? MessageOf(string json)
    {
        try
        {
            using var answer = JsonDocument.Parse(json);
            return answer.RootElement.TryGetProperty("error", out var error) && error.TryGetProperty("message", out var message) ? message.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
