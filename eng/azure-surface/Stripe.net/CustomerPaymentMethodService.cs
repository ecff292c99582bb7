namespace Stripe;

public class CustomerPaymentMethodService : Service
{
    internal CustomerPaymentMethodService(ApiRequestor requestor) : base(requestor)
    {
    }

    public virtual Task<PaymentMethod> GetAsync(
        string parentId, string id, CustomerPaymentMethodGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        GetAsync<PaymentMethod>($"/v1/customers/{Path(parentId)}/payment_methods/{Path(id)}", options, requestOptions, cancellationToken);

    public virtual Task<StripeList<PaymentMethod>> ListAsync(
        string parentId, CustomerPaymentMethodListOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        GetAsync<StripeList<PaymentMethod>>($"/v1/customers/{Path(parentId)}/payment_methods", options, requestOptions, cancellationToken);
}
