using System.Text.Json.Serialization;
using Lava.Core.Billing;
using Lava.Service.Billing.Due;
using Lava.Service.Billing.Subscriptions;

namespace Lava.Service.Billing.Books;

/// <summary>Stored and queued shapes of billing.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Subscription))]
[JsonSerializable(typeof(IReadOnlyList<OutboxItem>))]
[JsonSerializable(typeof(IndexedSubscription))]
[JsonSerializable(typeof(DueCustomer))]
[JsonSerializable(typeof(BillingMessage))]
[JsonSerializable(typeof(BookedPayment))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(decimal))]
internal sealed partial class BillingJson : JsonSerializerContext;
