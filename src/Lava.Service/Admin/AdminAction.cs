namespace Lava.Service.Admin;

/// <summary>Something that the operator did.</summary>
/// <param name="EventId">Its ULID.</param>
/// <param name="Action">What: <c>merchant.created</c>.</param>
/// <param name="MerchantId">With which merchant; null where it is no merchant's affair.</param>
/// <param name="At">When.</param>
/// <param name="Address">From which address, as the server saw it; null where it is unknown.</param>
/// <param name="Subject">With what else: a queue and a message's id.</param>
public sealed record AdminAction(string EventId, string Action, string? MerchantId, DateTimeOffset At, string? Address, string? Subject = null);
