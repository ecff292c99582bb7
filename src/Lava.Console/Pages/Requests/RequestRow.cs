using Lava.Console.Parts;
using Lava.Service.Reporting.Requests;

namespace Lava.Console.Pages.Requests;

/// <summary>A request in a list.</summary>
/// <param name="Id">Its id.</param>
/// <param name="At">When it came.</param>
/// <param name="Status"><c>completed</c>, <c>pending</c> or <c>error</c>.</param>
/// <param name="Model">The model, or the endpoint without one.</param>
/// <param name="Provider">The provider.</param>
/// <param name="CustomerId">The customer; null without one.</param>
/// <param name="Tokens">Input and output tokens.</param>
/// <param name="Cost">What the provider's call cost, US dollars.</param>
/// <param name="Charge">What the meter charged, credits.</param>
public sealed record RequestRow(
    string Id,
    DateTimeOffset At,
    string Status,
    string Model,
    string Provider,
    string? CustomerId,
    long Tokens,
    decimal Cost,
    decimal Charge)
{
    internal static RequestRow Of(RequestResponse request) => new(
        request.RequestId,
        request.CreatedAt,
        request.Status,
        request.Model ?? request.Endpoint,
        request.Provider,
        request.CustomerId,
        request.ModelUsage.TotalTokens,
        Money.Of(request.Cost),
        Money.Of(request.Charge.Amount));
}
