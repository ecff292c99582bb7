namespace Stripe;

public class RefundService : Service
{
    internal RefundService(ApiRequestor requestor) : base(requestor)
    {
    }

    public virtual Task<Refund> CreateAsync(RefundCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        PostAsync<Refund>("/v1/refunds", options, requestOptions, cancellationToken);

    public virtual Task<StripeList<Refund>> ListAsync(RefundListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        GetAsync<StripeList<Refund>>("/v1/refunds", options, requestOptions, cancellationToken);
}
