namespace Stripe.Checkout;

public class SessionService : Service
{
    internal SessionService(ApiRequestor requestor) : base(requestor)
    {
    }

    public virtual Task<Session> CreateAsync(SessionCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        PostAsync<Session>("/v1/checkout/sessions", options, requestOptions, cancellationToken);

    public virtual Task<Session> GetAsync(string id, SessionGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        GetAsync<Session>($"/v1/checkout/sessions/{Path(id)}", options, requestOptions, cancellationToken);
}
