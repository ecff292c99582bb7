namespace Lava.Service.Admin.Merchants;

/// <summary>A correction of a wallet.</summary>
/// <param name="EntryId">Its ledger entry (<c>le_…</c>), as the merchant sees it.</param>
/// <param name="MerchantId">The merchant.</param>
/// <param name="Mode"><c>test</c> or <c>live</c>.</param>
/// <param name="Amount">US dollars; negative where money was taken.</param>
/// <param name="Description">Why.</param>
/// <param name="CreatedAt">When it was booked.</param>
internal sealed record CorrectionResponse(string EntryId, string MerchantId, string Mode, string Amount, string Description, DateTimeOffset CreatedAt);
