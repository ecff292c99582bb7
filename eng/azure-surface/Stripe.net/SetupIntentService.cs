namespace Stripe;

public class SetupIntentService : Service
{
    internal SetupIntentService(ApiRequestor requestor) : base(requestor)
    {
    }

    public virtual Task<SetupIntent> CreateAsync(SetupIntentCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        PostAsync<SetupIntent>("/v1/setup_intents", options, requestOptions, cancellationToken);

    public virtual Task<SetupIntent> GetAsync(string id, SetupIntentGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        GetAsync<SetupIntent>($"/v1/setup_intents/{Path(id)}", options, requestOptions, cancellationToken);
}
