namespace Stripe;

public class PaymentMethodService : Service
{
    internal PaymentMethodService(ApiRequestor requestor) : base(requestor)
    {
    }

    public virtual Task<PaymentMethod> AttachAsync(string id, PaymentMethodAttachOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        PostAsync<PaymentMethod>($"/v1/payment_methods/{Path(id)}/attach", options, requestOptions, cancellationToken);

    public virtual Task<PaymentMethod> DetachAsync(string id, PaymentMethodDetachOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        PostAsync<PaymentMethod>($"/v1/payment_methods/{Path(id)}/detach", options, requestOptions, cancellationToken);
}
