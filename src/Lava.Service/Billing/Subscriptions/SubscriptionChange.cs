using System.Text.Json.Serialization;

namespace Lava.Service.Billing.Subscriptions;

/// <summary>A change that waits for the end of the cycle; the plan's members are there for a downgrade only.</summary>
/// <param name="Type"><c>cancellation</c> or <c>downgrade</c>.</param>
/// <param name="EffectiveAt">When it takes effect.</param>
/// <param name="PlanId">The plan that follows.</param>
/// <param name="Name">Its name.</param>
/// <param name="PeriodAmount">Its price.</param>
/// <param name="IncludedCredit">Its credits.</param>
internal sealed record SubscriptionChange(
    string Type,
    DateTimeOffset? EffectiveAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PlanId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PeriodAmount = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IncludedCredit = null);
