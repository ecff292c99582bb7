namespace Stripe;

public class PaymentIntentService : Service
{
    internal PaymentIntentService(ApiRequestor requestor) : base(requestor)
    {
    }

    public virtual Task<PaymentIntent> CreateAsync(PaymentIntentCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        PostAsync<PaymentIntent>("/v1/payment_intents", options, requestOptions, cancellationToken);

    public virtual Task<PaymentIntent> GetAsync(string id, PaymentIntentGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        GetAsync<PaymentIntent>($"/v1/payment_intents/{Path(id)}", options, requestOptions, cancellationToken);

    public virtual Task<PaymentIntent> ConfirmAsync(string id, PaymentIntentConfirmOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        PostAsync<PaymentIntent>($"/v1/payment_intents/{Path(id)}/confirm", options, requestOptions, cancellationToken);

    public virtual Task<PaymentIntent> CancelAsync(string id, PaymentIntentCancelOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        PostAsync<PaymentIntent>($"/v1/payment_intents/{Path(id)}/cancel", options, requestOptions, cancellationToken);
}
