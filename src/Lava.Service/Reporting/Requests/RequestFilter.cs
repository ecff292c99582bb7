using System.Text;
using System.Text.Json;
using Lava.Core.Keys;
using Lava.Service.Accounts.SpendKeys;
using Lava.Service.Api.Errors;
using Lava.Service.Api.Input;
using Lava.Service.Customers;
using Lava.Service.Pricing.Meters;
using Microsoft.AspNetCore.Http;

namespace Lava.Service.Reporting.Requests;

/// <summary>Which requests are asked for: all conditions must hold (rest-api.md §10.3, §11).</summary>
/// <param name="CustomerId">Of this customer; null for any.</param>
/// <param name="MeterId">On this meter; null for any.</param>
/// <param name="Pairs">With these metadata pairs.</param>
/// <param name="IsEmpty">Whether nothing can match: the customer or meter named does not exist.</param>
internal sealed record RequestFilter(string? CustomerId, string? MeterId, IReadOnlyList<KeyValuePair<string, string>> Pairs, bool IsEmpty)
{
    /// <summary>Made by this spend key; null for any.</summary>
    public string? SpendKeyId { get; init; }

    /// <summary>Whether the customer lives by a test clock.</summary>
    public bool IsClocked { get; init; }

    /// <summary>The request with this id; null for any.</summary>
    public string? RequestId { get; init; }

    /// <summary>Reads <c>customer_id</c>, <c>meter_id</c>, <c>spend_key_id</c>, <c>request_id</c> and <c>metadata_filters</c>.</summary>
    public static async ValueTask<(RequestFilter? Filter, ApiError? Error)> ReadAsync(
        IQueryCollection query, Tenant tenant, CustomerStore customers, MeterStore meters, CancellationToken cancellationToken)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        if (query.TryGetValue("metadata_filters", out var json) && !TryReadPairs(json.ToString(), pairs))
            return (null, ApiError.Validation(Issue.At("metadata_filters", "metadata_filters must be a JSON list of [key, value] pairs of strings.")));

        string? customerId = null, meterId = null;
        var (isEmpty, isClocked) = (false, false);
        if (query.TryGetValue("customer_id", out var customer))
        {
            // A deleted customer's past requests stay listed under its id.
            var found = (await customers.FindAsync(tenant, customer.ToString(), cancellationToken))?.Customer;
            customerId = found?.Id ?? AsId(customer.ToString(), "con_");
            isClocked = found?.TestClockId is not null;
            isEmpty |= customerId is null;
        }

        if (query.TryGetValue("meter_id", out var meter))
        {
            meterId = (await meters.FindAsync(tenant, meter.ToString(), cancellationToken))?.Meter.Id ?? AsId(meter.ToString(), "meter_");
            isEmpty |= meterId is null;
        }

        string? spendKeyId = null;
        if (query.TryGetValue("spend_key_id", out var spendKey))
        {
            // A revoked key's past requests stay listed.
            spendKeyId = AsId(spendKey.ToString(), SpendKeyStore.Prefix + "_");
            isEmpty |= spendKeyId is null;
        }

        return (
            new RequestFilter(customerId, meterId, pairs, isEmpty)
            {
                SpendKeyId = spendKeyId,
                IsClocked = isClocked,
                RequestId = query.TryGetValue("request_id", out var request) ? request.ToString() : null,
            },
            null);
    }

    private static string? AsId(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) && text.Length < 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? text : null;

    private static bool TryReadPairs(string json, List<KeyValuePair<string, string>> pairs)
    {
        if (!RequestJson.TryRead(Encoding.UTF8.GetBytes(json), 3, out var root) || root.ValueKind != JsonValueKind.Array || root.GetArrayLength() > 20)
            return false;
        foreach (var pair in root.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array
                || pair.GetArrayLength() != 2
                || pair[0].ValueKind != JsonValueKind.String
                || pair[1].ValueKind != JsonValueKind.String)
                return false;
            pairs.Add(KeyValuePair.Create(pair[0].GetString()!, pair[1].GetString()!));
        }

        return true;
    }
}
