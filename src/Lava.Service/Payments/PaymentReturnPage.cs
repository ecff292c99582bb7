using Lava.Service.Api.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lava.Service.Payments;

/// <summary>Where a cardholder comes back to from the bank when whoever charged named no address. The processor adds names and a secret of the payment to the
/// address; none of them is read or kept.</summary>
public sealed class PaymentReturnPage : IEndpoints
{
    /// <summary>Its path.</summary>
    public const string Path = "/pay/return";

    /// <inheritdoc/>
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(
        Path, http => PaymentPages.WriteAsync(http, 200, "Thank you", "<p>Your bank has replied. You can close this page.</p>", null)).ExcludeFromDescription();
}
