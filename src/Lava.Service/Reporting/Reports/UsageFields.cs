using System.Text.Json;
using Lava.Core.Gateway;
using Lava.Core.Pricing;
using Lava.Service.Api.Input;

namespace Lava.Service.Reporting.Reports;

/// <summary>Reads reports of usage: as <c>POST /v1/requests</c> takes them, and as CloudEvents 1.0.</summary>
internal static class UsageFields
{
    private const decimal MaxCount = 1_000_000_000_000m;

    /// <summary>A report; null where something is wrong, which the fields then say.</summary>
    public static UsageInput? Read(RequestFields fields)
    {
        var requestId = fields.Text("request_id", isRequired: true);
        var customerId = fields.Text("customer_id", isRequired: true);
        var meterSlug = fields.Text("meter_slug", isRequired: true);
        var usage = ReadUsage(fields);
        var metadata = ReadMetadata(fields);
        var timestamp = fields.Time("timestamp");
        return fields.Error is null ? new UsageInput(requestId!, customerId!, meterSlug!, usage, metadata, timestamp) : null;
    }

    /// <summary>A CloudEvent: <c>type</c> is the meter, <c>subject</c> the customer, <c>time</c> the timestamp, <c>data</c> has the counters and metadata.
    /// Source and id together name it.</summary>
    /// <param name="attributes">The event's attributes, with <c>data</c> among them in the structured mode.</param>
    /// <param name="data">What its data are read from.</param>
    public static UsageInput? ReadEvent(RequestFields attributes, RequestFields data)
    {
        if (attributes.Text("specversion", isRequired: true) is not (null or "1.0")) attributes.Fail("specversion must be 1.0.", "specversion");
        var id = attributes.Text("id", isRequired: true);
        var source = attributes.Text("source", isRequired: true);
        var meterSlug = attributes.Text("type", isRequired: true);
        var customerId = attributes.Text("subject", isRequired: true);
        var timestamp = attributes.Time("time");
        if (id is not null && source is not null && source.Length + id.Length + 1 > 255)
            attributes.Fail("source and id together must have at most 254 characters.", "id");
        var usage = ReadUsage(data);
        var metadata = ReadMetadata(data);
        return attributes.Error is null && data.Error is null ? new UsageInput($"{source}/{id}", customerId!, meterSlug!, usage, metadata, timestamp) : null;
    }

    private static Usage ReadUsage(RequestFields fields) => new()
    {
        InputTokens = (long)(fields.Count("input_tokens", MaxCount, isWhole: true) ?? 0),
        OutputTokens = (long)(fields.Count("output_tokens", MaxCount, isWhole: true) ?? 0),
        InputCharacters = (long)(fields.Count("input_characters", MaxCount, isWhole: true) ?? 0),
        OutputCharacters = (long)(fields.Count("output_characters", MaxCount, isWhole: true) ?? 0),
        InputSeconds = Math.Round(fields.Count("input_seconds", MaxCount, isWhole: false) ?? 0, 6),
        OutputSeconds = Math.Round(fields.Count("output_seconds", MaxCount, isWhole: false) ?? 0, 6),
    };

    private static Dictionary<string, string>? ReadMetadata(RequestFields fields)
    {
        var value = fields.Raw("metadata");
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return null;
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (value.ValueKind != JsonValueKind.Object)
        {
            fields.Fail("metadata must be an object of strings.", "metadata");
            return null;
        }

        foreach (var member in value.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String) fields.Fail("Metadata values must be strings.", "metadata", member.Name);
            else if (!RequestMetadata.IsValid(member.Name, member.Value.GetString()!, out var issue)) fields.Fail(issue.Message, "metadata", member.Name);
            else pairs[member.Name] = member.Value.GetString()!;
        }

        if (pairs.Count > RequestMetadata.MaxPairs) fields.Fail("A request must have at most 100 metadata pairs.", "metadata");
        return pairs.Count == 0 ? null : pairs;
    }
}
