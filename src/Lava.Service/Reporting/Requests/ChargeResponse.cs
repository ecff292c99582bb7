namespace Lava.Service.Reporting.Requests;

/// <summary>A charge on the wire.</summary>
internal sealed record ChargeResponse(string Amount, string RateType, IReadOnlyList<SliceResponse> Breakdown);
