namespace Stripe;

public class CustomerService : Service
{
    internal CustomerService(ApiRequestor requestor) : base(requestor) => PaymentMethods = new CustomerPaymentMethodService(requestor);

    public virtual CustomerPaymentMethodService PaymentMethods { get; }

    public virtual Task<Customer> CreateAsync(CustomerCreateOptions options, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        PostAsync<Customer>("/v1/customers", options, requestOptions, cancellationToken);

    public virtual Task<Customer> GetAsync(string id, CustomerGetOptions options = null, RequestOptions requestOptions = null, CancellationToken cancellationToken = default) =>
        GetAsync<Customer>($"/v1/customers/{Path(id)}", options, requestOptions, cancellationToken);
}
