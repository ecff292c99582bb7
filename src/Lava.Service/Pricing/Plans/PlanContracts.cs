namespace Lava.Service.Pricing.Plans;

// Shapes of request bodies in the API's document. Bodies are read member by member, so that one response lists all that is wrong with one.
#pragma warning disable CA1812 // Made by nobody: the document is made from their types.

internal sealed record BundleBody(string Name, string Cost, string CreditAmount);

internal sealed record ChangedBundleBody(
    string? CreditBundleId = null,
    string? Name = null,
    string? Cost = null,
    string? CreditAmount = null,
    bool IsDeleted = false);

// No bundle has an id yet, so the id is taken and means nothing (rest-api.md §6.1).
internal sealed record CreatePlanBody(
    string Name,
    string PeriodAmount,
    string BillingInterval,
    string? IncludedCredit = null,
    string? RolloverType = null,
    string? BundleRolloverType = null,
    IReadOnlyList<string>? MeterIds = null,
    IReadOnlyList<BundleBody>? CreditBundles = null,
    int? DefaultAutoTopUpBundleIndex = null,
    string? DefaultAutoTopUpBundleId = null);

internal sealed record UpdatePlanBody(
    string? Name = null,
    string? IncludedCredit = null,
    string? RolloverType = null,
    string? BundleRolloverType = null,
    IReadOnlyList<string>? MeterIds = null,
    IReadOnlyList<ChangedBundleBody>? CreditBundles = null,
    string? DefaultAutoTopUpBundleId = null);
